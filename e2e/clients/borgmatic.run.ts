import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { bareEnvironment } from "@/lib/env";
import { bodyOf, checkNamed, makeCheck, pingsOf } from "./api";

const execute = promisify(execFile);

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(inject("folder"), "borg-"));
  mkdirSync(join(home, "files"));
  writeFileSync(join(home, "files", "one.txt"), "kept");
});

/** Whether borgmatic was content, with a configuration that has these hooks. */
async function borgmatic(hooks: object, ...args: string[]): Promise<boolean> {
  const config = join(home, "config.yaml");
  const location = { source_directories: [join(home, "files")], repositories: [join(home, "repository")] };
  writeFileSync(config, JSON.stringify({ location, hooks })); // JSON is YAML
  const env = { ...bareEnvironment(), HOME: home, BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: "yes" };
  const done = execute("borgmatic", ["--config", config, ...args], { env });
  return done.then(
    () => true,
    () => false,
  );
}

const backUp = (hooks: object): Promise<boolean> => borgmatic(hooks, "create", "--monitoring-verbosity", "1");
const FAILS = { before_backup: ["echo the disk is gone", "false"] };

beforeEach(async () => {
  expect(await borgmatic({}, "init", "--encryption", "none")).toBe(true);
});

describe("its healthchecks hook", () => {
  test.each(["uuid", "slug"])("reports start and end of a backup, with its log, to a %s", async (by) => {
    const { uuid, name } = await makeCheck(`borg-${randomUUID().slice(0, 8)}`);
    const address = by === "uuid" ? `/ping/${uuid}` : `/ping/${inject("pingKey")}/${name}`;
    const hook = { healthchecks: { ping_url: `${inject("origin")}${address}` } };
    expect(await backUp(hook)).toBe(true);
    const [start, end] = await pingsOf(uuid);
    expect([start?.type, end?.type]).toEqual(["start", "success"]);
    expect(end === undefined ? "" : await bodyOf(end)).toContain("Creating archive");
    expect(await backUp({ ...hook, ...FAILS })).toBe(false);
    const failed = (await pingsOf(uuid)).at(-1);
    expect(failed?.type).toBe("fail");
    expect(failed === undefined ? "" : await bodyOf(failed)).toContain("the disk is gone");
  });
});

describe("its cronitor hook", () => {
  test.each(["p", "ping"])("reports to /%s/<key>/<monitor>, and makes the monitor", async (prefix) => {
    const monitor = `borg-${randomUUID().slice(0, 8)}`;
    const hook = { cronitor: { ping_url: `${inject("origin")}/${prefix}/${inject("pingKey")}/${monitor}` } };
    expect(await backUp(hook)).toBe(true);
    const { uuid, status } = await checkNamed(monitor);
    expect(status).toBe("up");
    expect((await pingsOf(uuid)).map(({ type }) => type)).toEqual(["start", "success"]);
    expect(await backUp({ ...hook, ...FAILS })).toBe(false);
    expect((await pingsOf(uuid)).at(-1)?.type).toBe("fail");
    expect((await checkNamed(monitor)).status).toBe("down");
  });
});
