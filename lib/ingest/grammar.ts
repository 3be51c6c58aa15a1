import type { Dialect, Refusal, RequestLine, Unread } from "./dialect";
import { betterStack } from "./dialects/better-stack";
import { checkly } from "./dialects/checkly";
import { cronitor } from "./dialects/cronitor";
import { deadMansSnitch } from "./dialects/dead-mans-snitch";
import { healthchecks } from "./dialects/healthchecks";
import { openstatus } from "./dialects/openstatus";
import { pingpulse } from "./dialects/pingpulse";
import { parseStage, type UnreadStage } from "./dialects/pingpulse-stages";
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

/** What a request is: a stage of a workflow, or a signal to a check in some dialect. */
export type Recognised =
  | { is: "stage"; parsed: UnreadStage | Refusal }
  | { is: "ping"; dialect: Dialect; parsed: ParsedSignal | Unread | Refusal };

/** What the first that knows the address makes of a request; null when it is no signal. Pure. */
export function parseSignal(line: RequestLine): Recognised | null {
  const stage = parseStage(line);
  if (stage !== null) return { is: "stage", parsed: stage };
  for (const dialect of DIALECTS) {
    const parsed = dialect.parse(line);
    if (parsed !== null) return { is: "ping", dialect, parsed };
  }
  return null;
}
