import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Door, named } from "./http";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
let door: Door;
let port: number;

beforeEach(async () => {
  door = new Door();
  port = await door.listen("127.0.0.1", 0);
});
afterEach(() => door.close(0));

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers });
}

/** Sends bytes as they are and returns what comes back until the server closes. */
async function raw(bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk));
  socket.write(bytes);
  await once(socket, "close");
  return answer;
}

/** Opens the door with requests that are answered when `finish` is called. */
function openSlowly(): { arrived: Promise<void>; finish: () => void } {
  let finish = (): void => undefined;
  const arrived = new Promise<void>((seen) => {
    door.open((_req, res) => {
      finish = () => res.end("late but whole");
      seen();
    });
  });
  return { arrived, finish: () => finish() };
}

describe("requests", () => {
  test("that come before everything is ready are told to come again", async () => {
    const answer = await get("/");
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(answer.headers.get("x-request-id")).toMatch(UUID);
  });

  test("carry an id: theirs when it is well-formed, else a new one; handlers see the same", async () => {
    door.open((req, res) => named(req, res).end(String(req.headers["x-request-id"])));
    for (const good of ["abcdefgh", "A-Z_0-9-ok", "x".repeat(64)]) {
      const answer = await get("/", { "X-Request-Id": good });
      expect([answer.headers.get("x-request-id"), await answer.text()]).toEqual([good, good]);
    }
    for (const bad of ["short", "x".repeat(65), "with space", "a,b,c,d,e", "semi;colon"]) {
      const answer = await get("/", { "X-Request-Id": bad });
      expect(answer.headers.get("x-request-id")).toMatch(UUID);
      expect(await answer.text()).toBe(answer.headers.get("x-request-id"));
    }
  });

  test.each([
    ["an absolute-form target", "GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400],
    ["an asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400],
    ["no Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400],
    ["nonsense", "nonsense\r\n\r\n", 400],
    ["endless headers", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(20_000)}\r\n\r\n`, 431],
    ["an unknown expectation", "GET / HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nConnection: close\r\n\r\n", 417],
  ])("with %s are refused, with an id", async (_what, bytes, status) => {
    door.open((_req, res) => res.end("never"));
    const answer = await raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/\r\nX-Request-Id: [0-9a-f-]{36}\r\n/);
  });

  test("that ask for an upgrade are answered as if they had not", async () => {
    door.open((_req, res) => res.setHeader("Connection", "close").end("plain"));
    const answer = await raw("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  });
});

describe("close", () => {
  test("lets an accepted request finish, then ends the connection it came on", async () => {
    const { arrived, finish } = openSlowly();
    const agent = new Agent({ keepAlive: true });
    const sent = request({ port, host: "127.0.0.1", agent }).end();
    await arrived;
    const closed = door.close(5000);
    await expect(get("/")).rejects.toThrow();
    finish();
    const [answer]: IncomingMessage[] = await once(sent, "response");
    expect(String((await answer?.toArray())?.[0])).toBe("late but whole");
    const startedAt = performance.now();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(4000);
    agent.destroy();
  });

  test("does not wait for connections that only linger", async () => {
    door.open((_req, res) => res.end("OK"));
    const agent = new Agent({ keepAlive: true });
    const [answer]: IncomingMessage[] = await once(request({ port, host: "127.0.0.1", agent }).end(), "response");
    await answer?.toArray();
    await door.close(60_000);
    agent.destroy();
  });

  test("gives up on a request that never ends", async () => {
    const { arrived } = openSlowly();
    const sent = request({ port, host: "127.0.0.1" }).end();
    await arrived;
    const failed = once(sent, "error");
    await door.close(20);
    expect((await failed)[0]).toMatchObject({ code: "ECONNRESET" });
  });
});

describe("listen", () => {
  test("a port in use is refused in one sentence", async () => {
    await expect(new Door().listen("127.0.0.1", port)).rejects.toThrow(
      `PORT ${port} is already in use: stop the other program or choose another PORT.`,
    );
  });

  test("an address that is not ours is refused in one sentence", async () => {
    await expect(new Door().listen("192.0.2.1", 0)).rejects.toThrow(
      "HOST 192.0.2.1 cannot be listened on (EADDRNOTAVAIL)",
    );
  });
});
