import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { platform } from "node:os";
import { join } from "node:path";

// Above the highest process id any kernel gives out, and within what PostgreSQL reads.
const NOBODY = "99999999";

/** The port of the server that runs on this cluster, or null when none does. */
export function runningPort(cluster: string): number | null {
  const [pid, , , port] = readLines(cluster);
  return isPostmaster(Number(pid), cluster) ? Number(port) : null;
}

/** The port of a server that was killed, or null after a clean stop: whoever used it still knows it by that port. */
export function leftoverPort(cluster: string): number | null {
  return Number(readLines(cluster)[3]) || null;
}

/** Process id, directory, start time, port …: the format is in PostgreSQL's miscadmin.h. */
function readLines(cluster: string): string[] {
  const file = join(cluster, "postmaster.pid");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
}

/**
 * Makes a file left by a killed server harmless. Its process id may meanwhile belong to another program, on which
 * PostgreSQL would refuse to start; the rest of the file stays, because PostgreSQL finds leftover backends by it.
 */
export function disownPidFile(cluster: string): void {
  const [pid, ...rest] = readLines(cluster);
  if (pid !== undefined) writeFileSync(join(cluster, "postmaster.pid"), [NOBODY, ...rest].join("\n"));
}

function isPostmaster(pid: number, cluster: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = commandLine(pid);
  return command.includes("postgres") && command.includes(cluster);
}

function commandLine(pid: number): string {
  try {
    if (platform() === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return execFileSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  } catch {
    return ""; // no such process
  }
}
