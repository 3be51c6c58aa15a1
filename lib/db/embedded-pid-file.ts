import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";

// Above the highest process id any kernel gives out, and within what PostgreSQL reads.
const NOBODY = "99999999";

export type Running = { pid: number; port: number };

/** The server that runs on this cluster, or null when none does. */
export function findRunning(cluster: string): Running | null {
  const [pid, , , port] = readLines(cluster);
  return isPostmaster(Number(pid), cluster) ? { pid: Number(pid), port: Number(port) } : null;
}

/** The port of a server that was killed, or null after a clean stop: whoever used it still knows it by that port. */
export function leftoverPort(cluster: string): number | null {
  return Number(readLines(cluster)[3]) || null;
}

/** Process id, directory, start time, port …: the format is in PostgreSQL's miscadmin.h. Empty without a file. */
function readLines(cluster: string): string[] {
  try {
    return readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return []; // also when the server removes it just now
  }
}

/**
 * Makes a file that PostgreSQL would stumble over harmless: one that a power cut left empty, or one whose process id
 * now belongs to another program. The rest stays, because PostgreSQL finds leftover backends by it.
 */
export function disownPidFile(cluster: string): void {
  const [pid, ...rest] = readLines(cluster);
  if (pid === undefined || (pid !== "" && !isAlive(Number(pid)))) return;
  // Any PostgreSQL may be this cluster's under another name; taking its file away would make it shut down at once.
  if (isPostgres(Number(pid))) return;
  writeFileSync(join(cluster, "postmaster.pid"), [NOBODY, ...rest].join("\n"));
}

/** Whether a process has this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // process.kill throws system errors
  }
}

function isPostmaster(pid: number, cluster: string): boolean {
  return isPostgres(pid) && commandLine(pid).includes(cluster);
}

function isPostgres(pid: number): boolean {
  return Number.isInteger(pid) && pid > 0 && commandLine(pid).includes("postgres");
}

function commandLine(pid: number): string {
  try {
    if (platform() === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return ""; // no such process
  }
}
