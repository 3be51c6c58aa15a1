import { createRequire } from "node:module";
import { join } from "node:path";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_SERVER } from "next/constants";
import type loadConfig from "next/dist/server/config";

/**
 * Has Next read its configuration before it does so by itself, which it would announce on standard output: the public
 * contract promises that the ready line is the only one. Next keeps what it has read.
 */
export async function readConfigQuietly(dev: boolean): Promise<void> {
  const require = createRequire(join(process.cwd(), "package.json"));
  const load: { default: typeof loadConfig } = require("next/dist/server/config");
  await load.default(dev ? PHASE_DEVELOPMENT_SERVER : PHASE_PRODUCTION_SERVER, process.cwd());
}
