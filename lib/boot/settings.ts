import { existsSync } from "node:fs";
import { type Env, env, settle } from "@/lib/env";

/** Loads `.env` files in the order of Next, so that the server and its pages see the same, and checks every setting. */
export function readSettings(dev: boolean): Env {
  const mode = dev ? "development" : "production";
  settle({ NODE_ENV: mode, NEXT_TELEMETRY_DISABLED: "1" });
  // What is set already stays, so the first file that names a variable wins.
  for (const file of [`.env.${mode}.local`, ".env.local", `.env.${mode}`, ".env"]) {
    if (existsSync(file)) process.loadEnvFile(file);
  }
  settle({});
  return env();
}
