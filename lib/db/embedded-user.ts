import { execFile, execFileSync } from "node:child_process";
import { chownSync } from "node:fs";
import { getuid } from "node:process";
import { promisify } from "node:util";
import { bareEnvironment } from "@/lib/env";

const run = promisify(execFile);

type Owner = { uid: number; gid: number };

/**
 * PostgreSQL refuses to run as root, so root hands it to the system user `postgres`.
 * The capability lets that user reach binaries and data below directories only root may enter (such as /root);
 * `no_setuid_fixup` makes access(2) honour it. See capabilities(7).
 */
const AS_POSTGRES = [
  "--reuid=postgres",
  "--regid=postgres",
  "--clear-groups",
  "--securebits=+no_setuid_fixup",
  "--inh-caps=-all,+dac_override",
  "--ambient-caps=-all,+dac_override",
  "--bounding-set=-all,+dac_override",
  "--",
];

function lookUp(): Owner | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync("id", [flag, "postgres"], { env: bareEnvironment(), stdio: ["ignore", "pipe", "ignore"] }));
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    return null;
  }
}

function createUser(): Owner {
  try {
    execFileSync(
      "useradd",
      ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"],
      {
        env: bareEnvironment(),
        stdio: "ignore",
      },
    );
  } catch {
    // Reported below: the lookup decides.
  }
  const owner = lookUp();
  if (owner === null) {
    throw new Error(
      "PostgreSQL does not run as root and the system user postgres could not be made: run as another user, or set DATABASE_URL.",
    );
  }
  return owner;
}

/** Gives `dir` to the user the database runs as; nothing to do unless we are root. */
export function handOver(dir: string): void {
  if (getuid?.() !== 0) return;
  const { uid, gid } = lookUp() ?? createUser();
  chownSync(dir, uid, gid);
}

/**
 * Runs one of PostgreSQL's programs as a user it accepts; throws with its line of complaint.
 * Our own settings, secrets among them, are not handed down.
 */
export async function runProgram(program: string, args: string[]): Promise<void> {
  const command = getuid?.() === 0 ? ["setpriv", ...AS_POSTGRES, program, ...args] : [program, ...args];
  try {
    await run(command[0] ?? program, command.slice(1), { env: bareEnvironment() });
  } catch (error) {
    const lines = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split("\n"); // execFile adds stderr
    const complaint = lines.find((line) => /error: |FATAL: /.test(line)) ?? lines.at(-1);
    throw new Error(complaint ?? "it ended without a word", { cause: error });
  }
}
