import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signalRoute } from "@/lib/http/signal-route";
import { makeCheck, storedCheck, storedPings } from "@/lib/testing/checks";
import { type Door, openDoor } from "@/lib/testing/door";
import { makeWorld, type World } from "@/lib/testing/world";

let door: Door;
let world: World;
let id: string;

beforeAll(async () => {
  door = await openDoor();
  world = await makeWorld();
  id = await makeCheck(world.project.id, { slug: "fuzzed" });
});
afterAll(() => door.close());

const rare = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString("latin1"));
const segment = fc.oneof(
  fc.constantFrom("p", "api", "v1", "heartbeat", "heartbeats", "push", "cron", "7", "hbk", "phk"),
  fc.constantFrom("ping", "start", "fail", "log", "0", "255", "256", "fuzzed", "other", "%00", "..", "%", ""),
  fc.constant("<id>"),
  fc.constant("<key>"),
  rare,
);
const query = fc.oneof(
  fc.constantFrom("", "create=1", "rid=", "rid=123e4567-e89b-12d3-a456-426614174000", "rid=%00", "create=1?rid=x"),
  fc.constantFrom("state=run", "state=x", "status=ok", "status=down&ping=x", "metric=a&series=%00", "key=<key>"),
  fc.constantFrom("metric=rows:1&metric=%00=2", "metric=__proto__:1e400", "metric=a.b:-0&ping=7&duration=1h"),
  rare,
);
const request = fc.record({
  method: fc.oneof(fc.constantFrom("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PURGE"), rare),
  path: fc.array(segment, { minLength: 1, maxLength: 5 }),
  query,
  headers: fc.array(
    fc.tuple(
      fc.constantFrom("User-Agent", "X-Forwarded-For", "Content-Length", "Transfer-Encoding", "Expect", "Cookie"),
      fc.oneof(fc.constantFrom("chunked", "5", "1.2.3.4", "100-continue"), rare),
    ),
    { maxLength: 3 },
  ),
  body: fc.uint8Array({ maxLength: 200 }),
});

const fill = (path: string[]) =>
  path.map((piece) => piece.replace("<id>", id).replace("<key>", world.project.pingKey)).join("/");

test("no bytes on a socket make the front door fail", async () => {
  await fc.assert(
    fc.asyncProperty(request, async (sent) => {
      const lines = [
        `${sent.method} /${fill(sent.path)}?${fill([sent.query])} HTTP/1.1`,
        "Host: x",
        "Connection: close",
        ...sent.headers.map(([name, value]) => `${name}: ${value}`),
      ];
      const text = await door.raw(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), sent.body]));
      // Nothing at all is a fair answer to something that is not HTTP; a failure of ours never is.
      expect(text).not.toMatch(/^HTTP\/1\.1 5/m);
    }),
    { numRuns: 400 },
  );
  // Whatever was recorded on the way, the numbers still run without a gap.
  const pings = await storedPings(id);
  expect(pings.map((one) => one.n)).toEqual(pings.map((_, index) => index + 1));
  expect((await storedCheck(id)).n_pings).toBe(pings.length);
  expect((await fetch(`${door.url}/ping/${id}`)).status).toBe(200);
});

test("no request makes the route handler fail", async () => {
  const methods = fc.constantFrom("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH");
  await fc.assert(
    fc.asyncProperty(request, methods, async (sent, method) => {
      const url = new URL("http://x");
      url.pathname = fill(sent.path);
      url.search = fill([sent.query]);
      const body = ["GET", "HEAD"].includes(method) ? null : Buffer.from(sent.body);
      const response = await signalRoute(
        new Request(url, { method, body, headers: { "X-Forwarded-For": "1.2.3.4, x" } }),
      );
      expect([200, 201, 202, 204, 400, 401, 404, 405, 409]).toContain(response.status);
      expect(response.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
    }),
    { numRuns: 400 },
  );
});

test("the route handler records what the front door would", async () => {
  const twin = await makeCheck(world.project.id);
  const send = (init: RequestInit, suffix = "") => signalRoute(new Request(`http://x/ping/${twin}${suffix}`, init));
  const body = Buffer.from([0xff, 0x00, 0x61]);
  const created = await send({
    method: "POST",
    body,
    headers: { "User-Agent": "curl/8", "X-Forwarded-For": "6.6.6.6, 1.2.3.4" },
  });
  expect([created.status, await created.text(), created.headers.get("ping-body-limit")]).toEqual([200, "OK", "10000"]);
  expect((await send({ method: "HEAD" }, "/7")).status).toBe(200);
  expect((await send({ method: "PUT" })).headers.get("allow")).toBe("HEAD, GET, POST, OPTIONS");
  expect(await storedPings(twin)).toMatchObject([
    { n: 1, kind: "success", method: "POST", user_agent: "curl/8", remote_addr: "1.2.3.4", body },
    { n: 2, kind: "fail", method: "HEAD", exit_status: 7, body: null },
  ]);
});
