import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bareEnvironment } from "@/lib/env";
import { frontDoor } from "@/lib/ingest/front-door";
import { HAS_PYTHON, python } from "@/lib/testing/python";
import { reserving } from "@/lib/testing/reservations";
import { stages } from "@/lib/testing/stages";
import { PUT as setBudget } from "../workflows/[id]/budget/route";
import * as one from "./[id]/reservations/[reservation]/route";
import * as all from "./[id]/reservations/route";
import * as reserve from "./[id]/reserve/route";

// The lines of `docs/costs.md` about reservations, as they stand there.
const at = stages();
const { begun, left, stored } = reserving(at, {
  reserve: reserve.POST,
  list: all.GET,
  giveBack: one.DELETE,
  setBudget,
});

const run = promisify(execFile);
const [, section = ""] = readFileSync("docs/costs.md", "utf8").split("## Reservations");
const sample = (language: string, index = 0): string =>
  [...section.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "gs"))][index]?.[1] ?? "";

const PLACE = /^\/api\/instances\/(?<id>\w+)\/(?:reserve|reservations(?:\/(?<reservation>\w+))?)$/;

/** The route at an address, as Next would find it. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://pulsetrail.test");
  const params = { ...PLACE.exec(url.pathname)?.groups };
  const routes = { POST: reserve.POST, GET: all.GET, DELETE: one.DELETE };
  const { method = "GET" } = request;
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const body = method === "POST" ? await text(request) : null;
  const handler = routes[method as keyof typeof routes]; // of the samples
  const made = await handler(new Request(url, { method, headers, body }), { params: Promise.resolve(params) });
  response.writeHead(made.status, Object.fromEntries(made.headers)).end(await made.text());
}

const server = createServer((request, response) => {
  if (!frontDoor(request, response)) void answer(request, response);
});
let base = "";

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on a port
});
afterAll(() => server.close());

/** Runs lines of the document, which speak of a workflow called research. */
async function shell(lines: string, { workflow, id }: { workflow: string; id: string }, reservation = "") {
  const names = { BASE: base, KEY: at.world.key, INSTANCE: id, RESERVATION: reservation };
  const env = { ...bareEnvironment(), ...names };
  return (await run("bash", ["-c", lines.replaceAll("research", workflow)], { env })).stdout;
}

test("curl holds, spends, looks and gives back", async () => {
  const made = await begun();
  const held: Record<string, unknown> = JSON.parse(await shell(sample("sh"), made));
  const shown: Record<string, unknown> = JSON.parse(sample("json"));
  expect(Object.keys(held)).toEqual(Object.keys(shown));
  expect(held).toMatchObject({ reserved_usd: shown["reserved_usd"], remaining_usd: shown["remaining_usd"] });
  const told = await shell(sample("sh", 1), made, String(held["reservation_id"]));
  expect(told).toContain('"directive":"continue"');
  expect(told).toContain('{"reservations":[],"next_cursor":null}');
  expect(await stored(made.id)).toBe(0);
  expect(await left(made.id)).toBe(0.969);
});

test.runIf(HAS_PYTHON)("the loop in Python stops before the limit is exceeded", async () => {
  const { workflow, id } = await begun();
  const names = `import requests\nBASE, INSTANCE, KEY = "${base}", "${id}", "${at.world.key}"\n`;
  const tasks = "tasks = range(50)\nrun = lambda task: 0.04\n";
  await python(names + tasks + sample("python").replaceAll("research", workflow));
  // Another 5 cents no longer fit after 96.
  expect(await at.steps(id)).toHaveLength(1 + 24);
  expect(await left(id)).toBe(0.04);
});
