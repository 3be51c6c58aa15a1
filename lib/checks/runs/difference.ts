import type { JsonObject } from "@/lib/core/json-object";
import type { Details } from "@/lib/ingest/signal";

/** How the metadata of a run differs from that of the run before, by field. */
export type Difference = {
  added: JsonObject;
  removed: JsonObject;
  changed: Record<string, { from: unknown; to: unknown }>;
};

/** What a run said, its end over its start; a field that both name has the value of the end. */
export function saidInAll(start: Details | null, end: Details | null): JsonObject {
  return { ...start?.metadata, ...end?.metadata };
}

/** Objects come from jsonb, which keeps the names of their fields in one order. */
const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What changed from `before` to `now`; what a run that goes on has not said yet is not missing. Null where nothing did. */
export function differenceOf(before: JsonObject, now: JsonObject, isOver: boolean): Difference | null {
  const added = Object.entries(now).filter(([name]) => !Object.hasOwn(before, name));
  const removed = isOver ? Object.entries(before).filter(([name]) => !Object.hasOwn(now, name)) : [];
  const changed = Object.entries(now)
    .filter(([name, value]) => Object.hasOwn(before, name) && !isSame(before[name], value))
    .map(([name, value]) => [name, { from: before[name], to: value }] as const);
  if (added.length + removed.length + changed.length === 0) return null;
  return {
    added: Object.fromEntries(added),
    removed: Object.fromEntries(removed),
    changed: Object.fromEntries(changed),
  };
}
