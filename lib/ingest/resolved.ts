import type { Outcome } from "./signal";

/** Where a signal leads: the check it is for, or the answer when there is none. */
export type Resolved = { checkId: string; created: boolean } | Exclude<Outcome, { effect: unknown }>;
