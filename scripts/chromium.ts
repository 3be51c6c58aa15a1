import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The path of a Chromium or Chrome on this machine, or of the one Playwright downloaded; null when there is none. */
export function findChromium(): string | null {
  return [...PLACES, chromium.executablePath()].find((path) => existsSync(path)) ?? null;
}

/**
 * Makes sure that there is a browser: as root on Debian, installs its chromium package. Throws an Error that names the
 * command to run where it cannot.
 */
export function ensureChromium(): void {
  if (findChromium() !== null) return;
  if (process.getuid?.() === 0 && isDebian()) {
    apt("update");
    apt("install", "--yes", "--no-install-recommends", "chromium", "fonts-dejavu-core");
  }
  if (findChromium() === null) {
    throw new Error(
      "The browser tests need Chromium: run `npx playwright install chromium`, or install it as a package.",
    );
  }
}

/** Ubuntu's package of that name is a stub for another package manager, so only Debian itself counts. */
function isDebian(): boolean {
  return existsSync("/etc/os-release") && /^ID=debian$/m.test(readFileSync("/etc/os-release", "utf8"));
}

function apt(...args: string[]): void {
  process.stdout.write(`apt-get ${args.join(" ")}\n`);
  spawnSync("apt-get", ["-q", "-o", "Dpkg::Use-Pty=0", ...args], { stdio: ["ignore", "ignore", "inherit"] });
}
