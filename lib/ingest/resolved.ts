import type { Outcome } from "./signal";

/**
 * Where a signal leads: the check it is for, or the answer when there is none. `actor` is who may be noted for changes
 * that the signal asks for, where it asks for any.
 */
export type Resolved = { checkId: string; created: boolean; actor?: string } | Exclude<Outcome, { effect: unknown }>;
