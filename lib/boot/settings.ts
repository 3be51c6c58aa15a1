import nextEnv from "@next/env";
import { type Env, env, settle } from "@/lib/env";

/** Loads `.env` files as Next does, so that the server and its pages see the same, and checks every setting. */
export function readSettings(dev: boolean): Env {
  settle({ NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  nextEnv.loadEnvConfig(process.cwd(), dev);
  settle({});
  return env();
}
