import { pino } from "pino";
import { logLevel } from "./env";

/** Structured log on standard output. Keys, tokens and passwords never reach it. */
export const log = pino({
  level: logLevel(),
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: ["key", "*.key", "authorization", "*.authorization", "password", "*.password"],
});
