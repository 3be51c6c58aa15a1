import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "@/lib/testing/server-process";
import { residentMb } from "./app-server";
import type { Figure } from "./table";

type Started = { seconds: number; residentMb: number };

async function start(dataDir: string, restMs: number): Promise<Started> {
  const began = performance.now();
  const server = new ServerProcess({ DATA_DIR: dataDir });
  await server.ready();
  const seconds = (performance.now() - began) / 1000;
  await sleep(restMs);
  const resident = residentMb(server.pid);
  await server.end("SIGTERM");
  return { seconds, residentMb: resident };
}

/**
 * Start of an already built checkout, on its second boot, and the memory of the app process at rest (Linux only), which
 * is read after `restSeconds`: long enough for a garbage collection or two.
 */
export async function startup(restSeconds: number): Promise<Figure[]> {
  const restMs = restSeconds * 1000;
  const dataDir = mkdtempSync(join(tmpdir(), "pulsetrail-bench-"));
  try {
    // The first may build the app, so it is not measured.
    await start(dataDir, 0);
    const second = await start(dataDir, restMs);
    rmSync(dataDir, { recursive: true, force: true });
    const first = await start(dataDir, restMs);
    return [
      {
        name: "first boot of a built checkout → ready",
        value: first.seconds,
        unit: "s",
        target: { kind: "at most", value: 5 },
      },
      { name: "second boot → ready", value: second.seconds, unit: "s", target: { kind: "at most", value: 5 } },
      {
        name: "resident memory at rest, first boot",
        value: first.residentMb,
        unit: "MB",
        target: { kind: "at most", value: 250 },
      },
      {
        name: "resident memory at rest, second boot",
        value: second.residentMb,
        unit: "MB",
        target: { kind: "at most", value: 250 },
      },
    ];
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
