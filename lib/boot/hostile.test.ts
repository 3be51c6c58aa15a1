import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { frontDoor } from "@/lib/ingest/front-door";
import { makeCheck, storedPings } from "@/lib/testing/checks";
import { makeProject, type TestProject } from "@/lib/testing/world";
import { Door } from "./http";

const door = new Door();
let port: number;
let project: TestProject;
const sockets: Socket[] = [];

beforeAll(async () => {
  port = await door.listen("127.0.0.1", 0);
  door.open((request, response) => {
    if (!frontDoor(request, response)) response.writeHead(404).end();
  });
  project = await makeProject();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await door.close(0);
});

/** A connection that sends `bytes` and then waits. */
async function dial(bytes: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined); // a reset is an answer too
  await once(socket, "connect");
  socket.write(bytes, "latin1");
  return socket;
}

/** All that comes back on a connection until it closes. */
async function answerTo(bytes: string, hangUp = false): Promise<string> {
  const socket = await dial(bytes);
  if (hangUp) socket.end();
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  await once(socket, "close");
  return text;
}

const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));

/** A well-behaved client still gets its answer. */
async function expectOpen(): Promise<void> {
  const id = await makeCheck(project.id);
  const answer = await fetch(`http://127.0.0.1:${port}/ping/${id}`, { headers: { "X-Request-Id": `for-${id}` } });
  expect([await answer.text(), answer.headers.get("x-request-id")]).toEqual(["OK", `for-${id}`]);
}

test("requests that are never finished keep nobody else waiting", async () => {
  const id = await makeCheck(project.id);
  await Promise.all(Array.from({ length: 200 }, () => dial(`GET /ping/${id} HTTP/1.1\r\nHost: x\r\nX-Slow: `)));
  await Promise.all(
    Array.from({ length: 200 }, () => dial(`POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab`)),
  );
  await expectOpen();
  expect(await storedPings(id)).toEqual([]);
});

test("1,000 idle connections keep nobody else waiting", async () => {
  await Promise.all(Array.from({ length: 1000 }, () => dial("")));
  await expectOpen();
});

test("pipelined requests are answered in order, each once", async () => {
  const id = await makeCheck(project.id);
  const request = (suffix: string, last = false) =>
    `GET /ping/${id}${suffix} HTTP/1.1\r\nHost: x\r\n${last ? "Connection: close\r\n" : ""}\r\n`;
  const text = await answerTo(request("/start") + request("/256") + request("", true));
  expect(statuses(text)).toEqual([200, 400, 200]);
  expect((await storedPings(id)).map((ping) => ping.kind).sort()).toEqual(["start", "success"]);
});

test.each([
  [
    "headers of 100 kB",
    (id: string) => `GET /ping/${id} HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(100_000)}\r\n\r\n`,
    [431],
  ],
  [
    "two lengths that differ",
    (id: string) => `POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    [400],
  ],
  [
    "a length and chunks",
    (id: string) =>
      `POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    [400],
  ],
  [
    "chunks that are none",
    (id: string) => `POST /ping/${id} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n`,
    [400],
  ],
  ["a negative length", (id: string) => `POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n`, [400]],
  ["no HTTP at all", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]],
  [
    "an absolute target",
    (id: string) => `GET http://elsewhere/ping/${id} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    [400],
  ],
  ["a tunnel", () => "CONNECT elsewhere:443 HTTP/1.1\r\nHost: x\r\n\r\n", []],
])("%s", async (_name, bytes, expected) => {
  const id = await makeCheck(project.id);
  expect(statuses(await answerTo(bytes(id), true))).toEqual(expected);
  expect(await storedPings(id)).toEqual([]);
  await expectOpen();
});

test("an upgrade is not followed: the request is a signal like any other", async () => {
  const id = await makeCheck(project.id);
  const text = await answerTo(
    `GET /ping/${id} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`,
  );
  expect(statuses(text)).toEqual([200]);
});

test("a body longer than it said is one signal at most, and what follows it is refused", async () => {
  const id = await makeCheck(project.id);
  const text = await answerTo(
    `POST /ping/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nabrubbish\r\n\r\n`,
    true,
  );
  expect(statuses(text).at(-1)).toBe(400);
  const bodies = (await storedPings(id)).map((ping) => ping.body?.toString());
  expect([[], ["ab"]]).toContainEqual(bodies);
  await expectOpen();
});

test("a client of HTTP/1.0 is answered and hung up on", async () => {
  const id = await makeCheck(project.id);
  const text = await answerTo(`GET /ping/${id} HTTP/1.0\r\n\r\n`);
  expect(statuses(text)).toEqual([200]);
  expect(text).toMatch(/connection: close/i);
  expect(text.endsWith("\r\n\r\nOK")).toBe(true);
});
