import { approver } from "./approver/approver";
import { callback } from "./callback/callback";
import type { AlertFacts, Kind } from "./kind";

/** A way to one person or address, which nobody chooses as a channel. */
export type DirectKind = Pick<Kind, "render" | "send"> & {
  /** Why it is not to be sent any more; null when it is. */
  moot: (alert: AlertFacts) => Promise<string | null>;
};

const DIRECTS = { approver, callback };
export type DirectName = keyof typeof DIRECTS;

/** The implementation of a direct way. Throws for one that this version does not know. */
export function directKind(name: string): DirectKind {
  const known: DirectKind | undefined = (DIRECTS as Record<string, DirectKind>)[name]; // the type of the column is any text
  if (known === undefined) throw new Error(`there is no direct way of the kind ${name}`);
  return known;
}
