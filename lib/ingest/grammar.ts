import type { Dialect, Refusal, RequestLine, Unread } from "./dialect";
import { betterStack } from "./dialects/better-stack";
import { checkly } from "./dialects/checkly";
import { cronitor } from "./dialects/cronitor";
import { deadMansSnitch } from "./dialects/dead-mans-snitch";
import { healthchecks } from "./dialects/healthchecks";
import { openstatus } from "./dialects/openstatus";
import { pingpulse } from "./dialects/pingpulse";
import { pingura } from "./dialects/pingura";
import { sentry } from "./dialects/sentry";
import { uptimeKuma } from "./dialects/uptime-kuma";
import type { ParsedSignal } from "./signal";

/** Every way to speak of signals, asked in this order; the last one takes whatever else is asked of the ping host. */
const DIALECTS: readonly Dialect[] = [
  pingura,
  pingpulse,
  betterStack,
  uptimeKuma,
  openstatus,
  checkly,
  cronitor,
  sentry,
  deadMansSnitch,
  healthchecks,
];

/** The first dialect that knows the address, with what the request says in it; null when it is no signal. Pure. */
export function parseSignal(line: RequestLine): { dialect: Dialect; parsed: ParsedSignal | Unread | Refusal } | null {
  for (const dialect of DIALECTS) {
    const parsed = dialect.parse(line);
    if (parsed !== null) return { dialect, parsed };
  }
  return null;
}
