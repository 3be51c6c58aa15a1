import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { snippetsFor } from "./snippets";

const URL_OF_CHECK = "https://pulse.example/ping/0a4b7d4e-5f5e-4d7c-9d38-2f3f1f8d6a11";
/** No address of ours looks so; whoever quotes this one quotes every address. */
const HOSTILE = `https://pulse.example/it's%20"$HOME"\\`;

function snippet(id: string, url = URL_OF_CHECK, expression: string | null = null): string {
  const schedule =
    expression === null
      ? ({ kind: "period", timeoutSeconds: 3600 } as const)
      : ({ kind: "calendar", expression, timeZone: "UTC" } as const);
  return snippetsFor({ url, schedule }).find((one) => one.id === id)?.text ?? "";
}

/** Runs a script with a curl that only says what it was asked for. */
function asked(script: string, ...args: string[]): { addresses: string[]; status: number | null } {
  const curl = 'curl() { shift $(($# - 1)); printf "%s\\n" "$1"; }; uuidgen() { echo 0A4B; };';
  const ran = spawnSync("bash", ["-c", `${curl}\n${script}`, "bash", ...args], { encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return { addresses: ran.stdout.trim().split("\n"), status: ran.status };
}

test("there is one for every place, each with the address of the check", () => {
  const snippets = snippetsFor({ url: URL_OF_CHECK, schedule: { kind: "period", timeoutSeconds: 60 } });
  expect(snippets.map(({ id }) => id)).toEqual([
    "curl",
    "crontab",
    "bash",
    "node",
    "python",
    "github",
    "airflow",
    "systemd",
    "windows",
  ]);
  expect(snippets.filter(({ text }) => !text.includes(URL_OF_CHECK))).toEqual([]);
});

test.each([URL_OF_CHECK, HOSTILE])("curl calls exactly %s", (url) => {
  expect(asked(snippet("curl", url)).addresses).toEqual([url]);
});

describe("the Bash wrapper", () => {
  test.each([URL_OF_CHECK, HOSTILE])("reports start and exit status to %s, and keeps the status", (url) => {
    const { addresses, status } = asked(snippet("bash", url), "sh", "-c", "exit 3");
    expect(addresses).toEqual([`${url}/start?rid=0a4b`, `${url}/3?rid=0a4b`]);
    expect(status).toBe(3);
  });
});

describe("crontab", () => {
  test("has the schedule of the check where cron knows it", () => {
    expect(snippet("crontab", URL_OF_CHECK, "*/5 * * * 1")).toMatch(/^\*\/5 \* \* \* 1 \/path\/to\/job; curl /);
    expect(snippet("crontab", URL_OF_CHECK, "Mon *-*-* 12:00")).toMatch(/^0 3 \* \* \* /);
    expect(snippet("crontab")).toMatch(/^0 3 \* \* \* /);
  });

  test("reports the exit status, and every % reaches the shell", () => {
    const line = snippet("crontab", HOSTILE);
    expect(line.replaceAll("\\%", "")).not.toContain("%");
    const command = line.slice("0 3 * * * /path/to/job;".length).replaceAll("\\%", "%");
    expect(asked(`(exit 4); ${command}`).addresses).toEqual([`${HOSTILE}/4`]);
  });
});

test("the Node.js snippet is a program that reports start and end, or failure", () => {
  const run = (job: string) => {
    const fake = `globalThis.fetch = async (url, { body }) => { console.log(url + (body ? " " + body : "")); };`;
    const code = `${fake}\nconst job = async () => { ${job} };\n${snippet("node", HOSTILE)}`;
    return spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  };
  expect(run("").stdout.trim().split("\n")).toEqual([`${HOSTILE}/start`, HOSTILE]);
  const failed = run(`throw new Error("no disk");`);
  expect(failed.stdout.trim().split("\n")).toEqual([`${HOSTILE}/start`, `${HOSTILE}/fail Error: no disk`]);
  expect(failed.status).toBe(1);
});

test("Python, Airflow and GitHub Actions have the address as a literal of theirs", () => {
  const literal = String.raw`"https://pulse.example/it's%20\"$HOME\"\\"`;
  expect(snippet("python", HOSTILE)).toContain(`\nURL = ${literal}\n`);
  expect(snippet("airflow", HOSTILE)).toContain(`\nURL = ${literal}\n`);
  expect(snippet("github", HOSTILE)).toContain(`PULSE_URL: ${literal}\n`);
});

test("systemd expands nothing in the address, and hands the shell its dollars", () => {
  const unit = snippet("systemd", HOSTILE);
  expect(unit).toContain(String.raw`Environment="PULSE_URL=https://pulse.example/it's%%20\"$HOME\"\\"`);
  const command = /ExecStopPost=\/bin\/sh -c '(.*)'/.exec(unit)?.[1]?.replaceAll("$$", "$") ?? "";
  const end = (result: string) => asked(`PULSE_URL=u SERVICE_RESULT=${result}; ${command}`).addresses;
  expect([end("success"), end("timeout")]).toEqual([["u/0"], ["u/1"]]);
});

test("PowerShell has the address in quotes that expand nothing", () => {
  expect(snippet("windows", HOSTILE)).toContain(String.raw`$url = 'https://pulse.example/it''s%20"$HOME"\'`);
});
