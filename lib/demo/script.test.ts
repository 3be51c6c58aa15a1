import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ServerProcess } from "@/lib/testing/server-process";

const DATA_DIR = mkdtempSync(join(tmpdir(), "pulsetrail-demo-"));
const DEMO = ["--import", "tsx", "scripts/demo.ts"];

afterAll(() => rmSync(DATA_DIR, { recursive: true, force: true }));

const settings = { DATA_DIR, ADMIN_API_KEY: "key-of-the-demonstration" };

type Listed = { checks: { slug: string; status: string; n_pings: number }[] };

test("one command starts the server, fills it, goes on sending signals and stops cleanly", async () => {
  const demo = new ServerProcess(settings, DEMO);
  const origin = await demo.ready();
  await demo.says(/It stays alive/);
  const list = async (): Promise<Listed> => {
    const answer = await fetch(`${origin}/api/v3/checks/?slug=demo-web-1-heartbeat`, {
      headers: { "X-Api-Key": settings.ADMIN_API_KEY },
    });
    return (await answer.json()) as Listed; // documented
  };
  const [before] = (await list()).checks;
  await demo.says(/web-1 heartbeat: success/);
  const [after] = (await list()).checks;
  expect(after?.n_pings).toBe((before?.n_pings ?? 0) + 1);
  expect(after?.status).toBe("up");
  await demo.says(/Research agent: stage 2\.3 \(Prices\) by researcher-a$/m);
  expect(await demo.end("SIGTERM")).toBe(0);
  await expect(fetch(origin)).rejects.toThrow();
}, 240_000);

test("it is taken out again without a server", async () => {
  const removal = new ServerProcess(settings, [...DEMO, "--remove"]);
  await removal.says(/Removed 12 checks, 3 workflows and 6 approvals of the demonstration/);
  expect(await removal.exit()).toBe(0);
}, 60_000);

test("an option that does not exist is refused in a sentence", async () => {
  const wrong = new ServerProcess(settings, [...DEMO, "--sometimes"]);
  expect(await wrong.exit()).toBe(1);
  expect(wrong.stderr).toContain("Unknown option '--sometimes'");
}, 60_000);
