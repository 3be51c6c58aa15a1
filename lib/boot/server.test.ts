import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, describe, expect, inject, test, vi } from "vitest";
import { startEmbedded } from "@/lib/db/embedded";
import { ServerProcess } from "@/lib/testing/server-process";

const BUILD_TIMEOUT_MS = 300_000;
const scratch = mkdtempSync(join(tmpdir(), "pulsetrail-server-"));
const secret = "0123456789abcdef0123456789abcdef";

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const ALL_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** A request with any method; fetch does not send them all. */
async function request(
  url: string,
  method: string,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: { code: string } }> {
  const [answer] = (await once(httpRequest(url, { method }).end(), "response")) as [IncomingMessage]; // documented arguments
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: JSON.parse(await text(answer)) };
}

/** Expects the start to end with code 1 and nothing but one sentence on standard error. */
async function refusal(settings: Record<string, string>): Promise<string> {
  const server = new ServerProcess({ DATA_DIR: join(scratch, "refused"), ...settings });
  const code = await server.exit();
  expect(server.stdout).toBe("");
  expect(server.stderr).toMatch(/^[^\n]+\.\n$/);
  expect(code).toBe(1);
  return server.stderr;
}

describe("a start that cannot succeed says why in one sentence", () => {
  test("a bad value names its variable", async () => {
    expect(await refusal({ PORT: "http" })).toBe("PORT must be a port number from 0 to 65535.\n");
    expect(await refusal({ SIGNUPS: "maybe" })).toBe("SIGNUPS must be one of open, closed.\n");
  });

  test("a port in use", async () => {
    const other = createServer();
    const port = await new Promise<number>((bound) => {
      other.listen(0, "127.0.0.1", () => bound((other.address() as { port: number }).port)); // a TCP address
    });
    expect(await refusal({ PORT: String(port) })).toBe(
      `PORT ${port} is already in use: stop the other program or choose another PORT.\n`,
    );
    other.close();
  });

  test("an address of another machine", async () => {
    expect(await refusal({ HOST: "192.0.2.1" })).toContain("HOST 192.0.2.1 cannot be listened on (EADDRNOTAVAIL)");
  });

  test("a data directory that cannot be written to", async () => {
    const file = join(scratch, "a-file");
    writeFileSync(file, "");
    expect(await refusal({ DATA_DIR: join(file, "data") })).toBe(
      `DATA_DIR ${join(file, "data")} cannot be written to: choose another directory or fix its permissions.\n`,
    );
  });

  test("a database that is down, without its password", async () => {
    const url = "postgresql://someone:hush-hush@127.0.0.1:1/db";
    expect(await refusal({ DATABASE_URL: url, AUTH_SECRET: secret })).toBe(
      "The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED): start it or fix DATABASE_URL.\n",
    );
  });

  test("a database that refuses the password, without that password", async () => {
    const url = new URL(inject("serverUrl"));
    url.password = "hush-hush";
    const said = await refusal({ DATABASE_URL: url.href, AUTH_SECRET: secret });
    expect(said).toContain(`The database at ${url.host} refuses us (password authentication failed`);
    expect(said).not.toContain("hush-hush");
  });

  test("a database of one's own and no AUTH_SECRET", async () => {
    expect(await refusal({ DATABASE_URL: inject("serverUrl") })).toMatch(/^AUTH_SECRET must be set/);
  });
});

describe("a start on an empty directory", { timeout: BUILD_TIMEOUT_MS }, () => {
  const data = join(scratch, "data");
  const pidFile = join(data, "postgres/postmaster.pid");
  const fixed = { DATA_DIR: data, ADMIN_EMAIL: "root@example.org", ADMIN_PASSWORD: "correct horse battery" };

  async function users(): Promise<string[]> {
    const database = await startEmbedded(data);
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const found = await client.query<{ email: string }>("SELECT email FROM users");
    await client.end();
    await database.stop();
    return found.rows.map((row) => row.email);
  }

  /** Sends the first line of a request and leaves it at that. */
  async function begin(origin: string): Promise<{ socket: Socket; read: Promise<string> }> {
    const socket = connect(Number(new URL(origin).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("error", () => undefined); // a killed server resets it
    const read = new Promise<string>((closed) => socket.once("close", () => closed(answer)));
    await once(socket, "connect");
    socket.write("GET / HTTP/1.1\r\n");
    await fetch(origin); // by the time this is answered, that line has been read
    return { socket, read };
  }

  /** Waits until nobody listens any more where `socket` leads. */
  async function refuses({ remotePort = 0 }: Socket): Promise<void> {
    const knock = () =>
      new Promise<string | undefined>((answered) => {
        const visitor = connect(remotePort, "127.0.0.1", () => visitor.destroy());
        visitor.on("error", (error: NodeJS.ErrnoException) => answered(error.code)).on("close", () => answered("open"));
      });
    await vi.waitFor(async () => expect(await knock()).toBe("ECONNREFUSED"), { timeout: 5000 });
  }

  test("builds if needed, prints account and keys once, serves, and stops cleanly at SIGTERM", async () => {
    const first = new ServerProcess(fixed);
    const origin = await first.ready();
    expect(origin).toMatch(/^http:\/\/localhost:[1-9]\d+$/);
    expect((await fetch(origin)).status).toBe(200);
    expect(first.stdout).toMatch(/E-mail {4}root@example\.org\n {2}Password {2}correct horse battery\n/);
    const pingKey = /Ping key {2}(\w{22})\n/.exec(first.stdout)?.[1];
    expect(first.stdout).toMatch(/API key {3}pt_\w{40}\n/);
    expect(first.stdout).toContain(`curl -fsS -m 10 --retry 5 "${origin}/ping/${pingKey}/my-first-job?create=1"`);
    expect(first.stdout.match(/pulsetrail ready at/g)).toHaveLength(1);
    expect(first.stdout.trimEnd().endsWith(`pulsetrail ready at ${origin}`)).toBe(true);
    expect(statSync(join(data, "auth-secret")).mode & 0o777).toBe(0o600);
    expect(await first.end("SIGTERM")).toBe(0);
    expect(existsSync(pidFile)).toBe(false);
  });

  test("a second start finds everything and says one line, that it is ready; methods nobody knows are refused", async () => {
    const second = new ServerProcess(fixed);
    const origin = await second.ready();
    for (const method of ["PROPFIND", "QUERY", "PURGE"]) {
      const answer = await request(`${origin}/api/health`, method);
      expect([answer.status, answer.headers.allow, answer.body.code]).toEqual([405, ALL_METHODS, "method_not_allowed"]);
    }
    expect((await fetch(`${origin}/api/%ff`)).status).toBe(400);
    expect(second.stdout).toBe(`pulsetrail ready at ${origin}\n`);
    expect(second.stderr).toBe("");
    expect(await second.end("SIGINT")).toBe(0);
    expect(await users()).toEqual(["root@example.org"]);
  });

  test("after SIGKILL of the process, and of the database too, it starts again with everything", async () => {
    for (const alsoDatabase of [false, true]) {
      const killed = new ServerProcess(fixed);
      await killed.ready();
      expect(await killed.end("SIGKILL")).toBe("SIGKILL");
      if (alsoDatabase) process.kill(Number(readFileSync(pidFile, "utf8").split("\n")[0]), "SIGKILL");
      const again = new ServerProcess(fixed);
      expect((await fetch(await again.ready())).status).toBe(200);
      expect(again.stdout).not.toContain("API key");
      expect(await again.end("SIGTERM")).toBe(0);
    }
    expect(await users()).toEqual(["root@example.org"]);
  });

  test("SIGTERM lets a request that has begun finish", async () => {
    const server = new ServerProcess(fixed);
    const { socket, read } = await begin(await server.ready());
    const ended = server.end("SIGTERM");
    await refuses(socket);
    socket.write("Host: localhost\r\n\r\n");
    expect(await read).toMatch(/^HTTP\/1\.1 200 OK\r\n(?:[\s\S]*\r\n)?Connection: close\r\n/);
    expect(await ended).toBe(0);
  });

  test("SIGTERM ends those who follow an instance, whole and without waiting for them", async () => {
    const key = "a-key-for-those-who-follow";
    const server = new ServerProcess({ ...fixed, DATA_DIR: join(scratch, "followed"), ADMIN_API_KEY: key });
    const origin = await server.ready();
    const begun = await fetch(`${origin}/dhk/pipeline?stagePath=1&start=yes&key=${key}`);
    const { instance_id: id } = (await begun.json()) as { instance_id: string }; // public contract §5
    const stream = await fetch(`${origin}/api/instances/${id}/events?key=${key}`);
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    while (!heard.includes("event: instance")) heard += (await reader?.read())?.value ?? "";
    const asked = performance.now();
    const ended = server.end("SIGTERM");
    // An answer that is broken off would throw.
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
    expect(await ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(8000);
  });

  test("a second signal ends it at once, and the start after that works", async () => {
    const server = new ServerProcess(fixed);
    const { socket } = await begin(await server.ready());
    const ended = server.end("SIGTERM");
    await refuses(socket);
    const repeat = setInterval(() => process.kill(server.pid, "SIGTERM"), 50);
    expect(await ended.finally(() => clearInterval(repeat))).toBe(143);
    expect(await users()).toEqual(["root@example.org"]);
  });

  test("a signal during the start ends it cleanly", async () => {
    const starting = new ServerProcess({ DATA_DIR: join(scratch, "interrupted"), ADMIN_PASSWORD: "correct horse" });
    await starting.says(/Ping key/);
    expect(await starting.end("SIGTERM")).toBe(0);
    expect(existsSync(join(scratch, "interrupted/postgres/postmaster.pid"))).toBe(false);
  });
});
