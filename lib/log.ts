import { pino } from "pino";
import { env } from "./env";

/** Structured log on standard output. Keys, tokens and passwords never reach it. */
export const log = pino({
  level: env().LOG_LEVEL,
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["key", "*.key", "authorization", "*.authorization", "password", "*.password"],
});
