import { createServer, type RequestListener, type Server } from "node:http";
import {
  type AddressInfo,
  createServer as createSocketServer,
  type LookupFunction,
  type Server as SocketServer,
} from "node:net";
import { request } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { guardedLookup, safeFetch } from "./safe-fetch";

type Answers = { address: string; family: 4 | 6 }[];
const LOCAL = ["127.0.0.0/8"];
const opened: (Server | SocketServer)[] = [];

function listen<S extends Server | SocketServer>(server: S, host = "127.0.0.1", port = 0): Promise<string> {
  opened.push(server);
  return new Promise((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, host, () => resolve(String((server.address() as AddressInfo).port))); // a TCP server has no other kind of address
  });
}

const serve = async (handler: RequestListener): Promise<string> =>
  `http://127.0.0.1:${await listen(createServer(handler))}`;

/** A resolver that gives one list of addresses after the other and then repeats the last. */
function names(...rounds: string[][]): LookupFunction {
  let round = 0;
  return (_name, _options, done) => {
    const addresses = rounds[Math.min(round++, rounds.length - 1)] ?? [];
    const answers: Answers = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    done(null, answers);
  };
}

afterAll(() => {
  for (const server of opened) server.close();
});

describe("addresses that must not be reached (SSRF)", () => {
  let port = "";
  let touched = 0;

  beforeAll(async () => {
    const canary = createServer((_request, response) => response.end("canary"));
    canary.on("connection", () => touched++);
    port = await listen(canary, "0.0.0.0");
  });

  beforeEach(() => {
    touched = 0;
  });

  const hosts =
    `127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 0177.0.0.1 017700000001
    0177.1 127.0.0.1. ①②⑦.0.0.1 １２７.0.0.1 127。0。0。1 %31%32%37.0.0.1 0 0.0.0.0 0x0 00000000 0.0.0.1
    localhost LOCALHOST localhost. ⓛocalhost a.localhost 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
    192.168.1.254 100.64.0.1 100.127.255.254 169.254.169.254 169.254.0.1 0xa9fea9fe 2852039166 0251.0376.0251.0376
    168.63.129.16 0xa83f8110 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255 [::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [::7f00:1] [::ffff:0:127.0.0.1]
    [::ffff:169.254.169.254] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::1] [fec0::1] [fc00::1] [fd00:ec2::254]
    [ff02::1] [100::1] [2001:db8::1] [3fff::1] [5f00::1] [4000::1]`.split(/\s+/);
  const urls = [
    ...hosts.map((host) => `http://${host}:PORT/`),
    "http://user@127.0.0.1:PORT/",
    "http://user:password@localhost:PORT/",
    "http://example.com@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@example.com/",
    "http:\\\\127.0.0.1:PORT\\",
    "https://127.0.0.1:PORT/",
    "ftp://127.0.0.1:PORT/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:PORT/_GET",
    "data:text/plain,hello",
    "javascript:alert(1)",
    "unix:/var/run/docker.sock",
    "//127.0.0.1:PORT/",
    "127.0.0.1:PORT",
    "",
    "http://",
    "http://[::1%25lo]:PORT/",
    "http://127.0.0.1:PORT\r\nHost: example.com/",
    "http://\t127.0.0.1:PORT/",
  ];

  test("the corpus is large enough", () => expect(new Set(urls).size).toBeGreaterThanOrEqual(60));

  test.each(urls)("%j", async (url) => {
    // Whether names under .localhost resolve at all depends on the machine.
    await expect(safeFetch(url.replace("PORT", port), { method: "GET" }, { allowed: [] })).rejects.toThrow(
      /^(address not allowed|the host name does not resolve)$/,
    );
    expect(touched).toBe(0);
  });

  test.each([
    [["127.0.0.1"]],
    [["::1"]],
    [["::ffff:127.0.0.1"]],
    [["93.184.215.14", "127.0.0.1"]],
    [["127.0.0.1", "93.184.215.14"]],
    [["169.254.169.254"]],
    [[]],
  ])("a name that resolves to %j", async (addresses) => {
    const call = safeFetch(
      `http://rebind.example:${port}/`,
      { method: "GET" },
      { allowed: [], resolve: names(addresses) },
    );
    await expect(call).rejects.toThrow("address not allowed");
    expect(touched).toBe(0);
  });

  test("ports of other protocols", async () => {
    for (const denied of [22, 25, 81, 5432, 6379]) {
      await expect(safeFetch(`http://127.0.0.1:${denied}/`, { method: "GET" }, { allowed: LOCAL })).rejects.toThrow(
        "address not allowed",
      );
    }
  });

  test("a redirect to it is an answer, not a journey", async () => {
    const from = await serve((_request, response) =>
      response.writeHead(302, { location: `http://127.0.0.2:${port}/` }).end(),
    );
    const answer = await safeFetch(from, { method: "POST", body: "x" }, { allowed: LOCAL });
    expect([answer.status, touched]).toEqual([302, 0]);
  });
});

describe("a name that changes its address between two look-ups", () => {
  // 127.0.0.2 stands for the public server of the attacker, 127.0.0.1 for the inside.
  const allowed = ["127.0.0.2/32"];
  let port = "";
  let inside = 0;

  beforeAll(async () => {
    const canary = createServer((_request, response) => {
      inside++;
      response.end("inside");
    });
    port = await listen(canary);
    await listen(
      createServer((_request, response) => response.end("outside")),
      "127.0.0.2",
      Number(port),
    );
  });

  test("is judged by the address it is connected to", async () => {
    const resolve = names(["127.0.0.2"], ["127.0.0.1"]);
    const get = () => safeFetch(`http://rebind.example:${port}/`, { method: "GET" }, { allowed, resolve });
    expect((await get()).text).toBe("outside");
    await expect(get()).rejects.toThrow("address not allowed");
    expect(inside).toBe(0);
  });

  test("fools a check that is made beforehand", async () => {
    const { Agent } = await import("undici");
    const resolve = names(["127.0.0.2"], ["127.0.0.1"]);
    await new Promise((done, fail) =>
      guardedLookup(allowed, resolve)("rebind.example", {}, (error) => (error ? fail(error) : done(null))),
    );
    const answer = await request(`http://rebind.example:${port}/`, {
      dispatcher: new Agent({ connect: { lookup: resolve } }),
    });
    expect(await answer.body.text()).toBe("inside");
    expect(inside).toBe(1);
  });
});

describe("a request that is allowed", () => {
  test("sends method, body and the user's headers under our own name", async () => {
    const url = await serve((incoming, response) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () =>
        response.end(
          JSON.stringify({ method: incoming.method, headers: incoming.headers, body: Buffer.concat(parts).toString() }),
        ),
      );
    });
    const headers = {
      "X-Token": "abc",
      Host: "evil.example",
      "Content-Length": "1",
      Connection: "upgrade",
      "User-Agent": "Evil",
      "X-Bad": "a\r\nX-Injected: 1",
      Cookie: "a=b",
    };
    const { text, status } = await safeFetch(
      `${url}/path?q=1`,
      { method: "POST", headers, body: "hällo" },
      { allowed: LOCAL },
    );
    const seen = JSON.parse(text);
    expect([status, seen.method, seen.body]).toEqual([200, "POST", "hällo"]);
    expect(seen.headers).toMatchObject({ "x-token": "abc", host: new URL(url).host, "content-length": "6" });
    expect(seen.headers["user-agent"]).toMatch(/^Pulsetrail\/\d+\.\d+\.\d+$/);
    expect(Object.keys(seen.headers)).not.toEqual(expect.arrayContaining(["x-injected"]));
    expect(seen.headers).not.toHaveProperty("x-bad");
    expect(seen.headers).not.toHaveProperty("cookie");
  });

  test("keeps one kilobyte of an endless answer", async () => {
    const url = await serve((_incoming, response) => {
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(4096)));
      };
      response.on("drain", more);
      more();
    });
    expect((await safeFetch(url, { method: "GET" }, { allowed: LOCAL })).text).toBe("x".repeat(1024));
  });

  test("is given up when the whole takes too long", async () => {
    const url = await serve(() => undefined);
    await expect(safeFetch(url, { method: "GET" }, { allowed: LOCAL, totalMs: 100 })).rejects.toThrow("timed out");
  });

  test("counts an answer whose explanation breaks off", async () => {
    const url = await serve((_incoming, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await safeFetch(url, { method: "POST", body: "x" }, { allowed: LOCAL })).toMatchObject({
      status: 200,
      text: "half",
    });
  });

  test("fails in plain words when nobody listens or the connection breaks", async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((done) => closed.close(done));
    await expect(safeFetch(`http://127.0.0.1:${port}`, { method: "GET" }, { allowed: LOCAL })).rejects.toThrow(
      "connection refused",
    );
    const dropping = await listen(createSocketServer((socket) => socket.destroy()));
    await expect(safeFetch(`http://127.0.0.1:${dropping}`, { method: "GET" }, { allowed: LOCAL })).rejects.toThrow(
      "the connection broke off",
    );
  });
});
