import { request as ask, createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { HEADERS_EVERYWHERE } from "@/lib/http/headers-everywhere";
import { type Lane, takeLane } from "./lanes";

/** A server with these lanes; everything else is answered 418. */
async function serve(lanes: Lane[]): Promise<string> {
  const server = createServer((req, res) => {
    if (!takeLane(lanes, req, res)) res.writeHead(418).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind
  return `http://127.0.0.1:${port}`;
}

const echo: Lane = {
  method: "POST",
  path: /^\/things\/(?<id>[^/]+)\/?$/,
  handler: async (request, { params }) =>
    Response.json(
      {
        ...(await params),
        method: request.method,
        query: new URL(request.url).search,
        key: request.headers.get("x-api-key"),
        length: (await request.text()).length,
      },
      { status: 201, headers: { "X-Own": "1" } },
    ),
};

test("a route is given the request as it came, and its answer leaves as it is", async () => {
  const url = await serve([echo]);
  const answer = await fetch(`${url}/things/a1/?x=1?y=2`, {
    method: "POST",
    headers: { "X-Api-Key": "k" },
    body: "ä".repeat(100),
  });
  const text = await answer.text();
  expect([answer.status, answer.headers.get("x-own"), answer.headers.get("content-length")]).toEqual([
    201,
    "1",
    String(text.length),
  ]);
  expect(JSON.parse(text)).toEqual({ id: "a1", method: "POST", query: "?x=1?y=2", key: "k", length: 100 });
  expect((await (await fetch(`${url}/things/a1`, { method: "POST" })).json()).length).toBe(0);
});

test("a lane is found by the path alone, and answers as everything does", async () => {
  const url = await serve([echo]);
  const { port } = new URL(url);
  const told = (host: string, path: string) =>
    new Promise<{ status: number | undefined; headers: IncomingHttpHeaders }>((resolve, reject) => {
      ask({ port, host: "127.0.0.1", method: "POST", path, headers: { Host: host } }, (answer) => {
        answer.resume();
        resolve({ status: answer.statusCode, headers: answer.headers });
      })
        .on("error", reject)
        .end();
    });
  expect((await told("x/things/a?y=", "/nothing")).status).toBe(418);
  expect((await told("user@host", "/things/a")).status).toBe(201);
  expect((await told("x", "//things/a")).status).toBe(418);
  const { headers } = await told("x", "/things/a");
  for (const [name, value] of Object.entries(HEADERS_EVERYWHERE)) expect(headers[name.toLowerCase()]).toBe(value);
});

test("other methods and paths are left alone, with their bodies", async () => {
  const url = await serve([echo]);
  for (const [path, method] of [
    ["/things/a", "GET"],
    ["/things/a", "HEAD"],
    ["/things/a", "PUT"],
    ["/things/a/b", "POST"],
    ["/other", "POST"],
  ]) {
    expect((await fetch(url + path, { method: method ?? "" })).status).toBe(418);
  }
});

test("of a body that is too long a route sees that it is", async () => {
  const url = await serve([echo]);
  const answer = await fetch(`${url}/things/a`, { method: "POST", body: "a".repeat(3_000_000) });
  expect((await answer.json()).length).toBe(1_000_001);
});

test("who goes away is not waited for, and what fails ends only its own connection", async () => {
  const gone: Promise<void>[] = [];
  const url = await serve([
    {
      method: "GET",
      path: /^\/wait$/,
      handler: (request) =>
        new Promise(() => {
          gone.push(new Promise((left) => request.signal.addEventListener("abort", () => left())));
        }),
    },
    { method: "GET", path: /^\/broken$/, handler: () => Promise.reject(new Error("broken")) },
    { method: "GET", path: /^\/well$/, handler: async () => new Response("well") },
  ]);
  const waiting = ask(`${url}/wait`).end();
  waiting.on("error", () => undefined);
  await expect.poll(() => gone.length).toBe(1);
  waiting.destroy();
  await gone[0];
  await expect(fetch(`${url}/broken`)).rejects.toThrow();
  expect(await (await fetch(`${url}/well`)).text()).toBe("well");
});

test("a body that is streamed comes whole, and its client is told also when it is not read to its end", async () => {
  const whole: Lane = { ...echo, path: /^\/whole\/(?<id>.+)$/, isStreamed: true };
  const seen: number[] = [];
  const url = await serve([
    whole,
    {
      method: "POST",
      path: /^\/broken$/,
      isStreamed: true,
      handler: async (request) => {
        try {
          await request.arrayBuffer();
        } catch {
          seen.push(1);
        }
        return new Response("read");
      },
    },
  ]);
  const answer = await fetch(`${url}/whole/a`, { method: "POST", body: "a".repeat(3_000_000) });
  expect((await answer.json()).length).toBe(3_000_000);
  expect((await (await fetch(`${url}/whole/a`, { method: "POST" })).json()).length).toBe(0);
  const leaving = ask(`${url}/broken`, { method: "POST", headers: { "Content-Length": 100 } });
  leaving.on("error", () => undefined);
  leaving.write("a", () => leaving.destroy());
  await expect.poll(() => seen).toEqual([1]);
});
