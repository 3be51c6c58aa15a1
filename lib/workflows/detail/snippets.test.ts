import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Reported, snippetsFor, stageCommand } from "./snippets";

const run = promisify(execFile);
const seen: string[] = [];
const server = createServer((request, response) => {
  const key = request.headers.authorization ?? "";
  seen.push(`${request.method} ${request.url}${key && ` ${key}`}`);
  request.resume();
  response.setHeader("Content-Type", "application/json").end("{}");
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
beforeEach(() => {
  seen.length = 0;
});
afterAll(() => server.close());

// An address of a server that listens on a port.
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/shk/swf1`;
const declared = (): Reported => ({
  url: url(),
  kind: "static",
  stages: ["Extract", 'Train\n$(id) "x"', "Load", "4th"],
});
const learned = (): Reported => ({ url: url(), kind: "dynamic", stages: [] });
const text = (of: Reported, id: string): string => snippetsFor(of).find((one) => one.id === id)?.text ?? "";
/** Runs a program as one who has the key. */
const withKey = (program: string, args: string[]) => run("env", ["PULSETRAIL_KEY=secret", program, ...args]);

const STATIC = ["stage=1", "stage=2", "stage=3"];
const DYNAMIC = ["stagePath=1&start=yes", "stagePath=2", "stagePath=3&final=yes"];

describe("what is pasted works as it is", () => {
  test.each([
    ["declared", declared, STATIC],
    ["learned", learned, DYNAMIC],
  ] as const)("curl, of %s stages", async (_, of, queries) => {
    await withKey("sh", ["-c", text(of(), "curl")]);
    expect(seen).toEqual(queries.map((query) => `GET /shk/swf1?${query}&key=secret`));
  });

  test.each([
    ["python", "python3", "-c"],
    ["node", "node", "--input-type=module", "-e"],
  ] as const)("%s", async (id, program, ...flags) => {
    await withKey(program, [...flags, text(learned(), id)]);
    await withKey(program, [...flags, text(declared(), id)]);
    expect(seen).toEqual([...DYNAMIC, ...STATIC].map((query) => `POST /shk/swf1?${query} Bearer secret`));
  });

  test("the callbacks of Airflow", async () => {
    const stub = `import sys, types
made = []
class BashOperator:
    def __init__(self, **given):
        self.__dict__.update(given)
        made.append(self)
    def __rshift__(self, other):
        return other
bash = types.ModuleType("airflow.operators.bash")
bash.BashOperator = BashOperator
sys.modules.update({"airflow": bash, "airflow.operators": bash, "airflow.operators.bash": bash})
`;
    const end = `
for task in made:
    task.on_success_callback({"task": task})
made[1].on_failure_callback({"task": made[1]})`;
    await withKey("python3", ["-c", stub + text(learned(), "airflow") + end]);
    expect(seen).toEqual([
      "GET /shk/swf1?stagePath=1&agent=stage_1&start=yes Bearer secret",
      "GET /shk/swf1?stagePath=2&agent=stage_2 Bearer secret",
      "GET /shk/swf1?stagePath=3&agent=stage_3&final=yes Bearer secret",
      "GET /shk/swf1?stagePath=2&agent=stage_2&status=failed Bearer secret",
    ]);
  });

  test("the first command, with a key", async () => {
    await run("sh", ["-c", stageCommand(url(), "stagePath=1&start=yes", "abc")]);
    expect(seen).toEqual(["GET /shk/swf1?stagePath=1&start=yes&key=abc"]);
  });
});

test("the steps of GitHub Actions are one line each that a shell reads as curl does", () => {
  const lines = text(learned(), "github").split("\n");
  expect(lines.filter((line) => line.includes("curl"))).toEqual(
    DYNAMIC.map(
      (query) => `    run: curl -fsS -m 10 --retry 5 -o /dev/null "$PULSETRAIL_URL?${query}&key=$PULSETRAIL_KEY"`,
    ),
  );
});
