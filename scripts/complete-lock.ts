import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

// npm run lock:complete: npm leaves the optional packages of other platforms out of the lock file when the registry it
// reached does not carry them, and `npm ci` then refuses that lock file. This adds them: exact versions, which every
// other registry can serve, and the platform, by which npm skips them here.
const Package = z.looseObject({
  dev: z.boolean().optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const Lock = z.looseObject({ packages: z.record(z.string(), Package) });

const SYSTEMS: Record<string, string> = { windows: "win32" };
for (const name of [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
]) {
  SYSTEMS[name] = name;
}
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

/** The platform a package of binaries is for, told by its name, as npm's lock file states it. */
function platformOf(name: string): { cpu: string[]; os: string[]; libc?: string[] } {
  const words = name.split(/[/-]/);
  const os = words.map((word) => SYSTEMS[word]).find((system) => system !== undefined);
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os === undefined || cpu === undefined) throw new Error(`${name} is missing, and its name tells no platform.`);
  const libc = os === "linux" ? words.map((word) => /^(musl|gnu)/.exec(word)?.[1]).find(Boolean) : undefined;
  return { cpu: [cpu], os: [os], ...(libc !== undefined && { libc: [libc === "gnu" ? "glibc" : libc] }) };
}

const lock = Lock.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
const known = new Set(Object.keys(lock.packages).map((path) => path.replace(/^.*node_modules\//, "")));
const added: string[] = [];
for (const owner of Object.values({ ...lock.packages })) {
  for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
    if (known.has(name)) continue;
    const entry = { version, ...platformOf(name), ...(owner.dev === true && { dev: true }), optional: true };
    lock.packages[`node_modules/${name}`] = entry;
    known.add(name);
    added.push(name);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")));
if (added.length > 0) writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`package-lock.json: ${added.length} packages of other platforms added.\n`);
