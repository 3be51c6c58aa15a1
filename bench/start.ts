import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ServerProcess } from "@/lib/testing/server-process";
import type { Figure } from "./table";

/** Long enough for a garbage collection or two, so that memory is that of a process at rest. */
const REST_MS = 10_000;

type Started = { seconds: number; residentMb: number };

async function start(dataDir: string, restMs: number): Promise<Started> {
  const began = performance.now();
  const server = new ServerProcess({ DATA_DIR: dataDir });
  await server.ready();
  const seconds = (performance.now() - began) / 1000;
  await sleep(restMs);
  const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
  await server.end("SIGTERM");
  return { seconds, residentMb: Number(resident) / 1024 };
}

/** Start of an already built checkout, on its second boot, and the memory of the app process at rest (Linux only). */
export async function startup(): Promise<Figure[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "pulsetrail-bench-"));
  try {
    // The first may build the app, so it is not measured.
    await start(dataDir, 0);
    const second = await start(dataDir, REST_MS);
    rmSync(dataDir, { recursive: true, force: true });
    const first = await start(dataDir, REST_MS);
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
