import { jsonFault } from "./json-fault";

/** When a stage came for the first and the last time, as numbers of steps, and how often. */
export type Span = { first: number; last: number; count: number };

/** The stages of an instance by their paths, from the paths of its steps in their order. */
export function spansOf(paths: readonly string[]): Map<string, Span> {
  const spans = new Map<string, Span>();
  paths.forEach((path, step) => {
    const known = spans.get(path);
    spans.set(path, { first: known?.first ?? step, last: step, count: (known?.count ?? 0) + 1 });
  });
  return spans;
}

/** What a fork takes along: how many steps, and whether those of a stage are among them. Nothing when it begins anew. */
export type Plan = { steps: number; isCopied: (path: string) => boolean };

/** What a fork from a stage takes along: all steps up to and with the newest of it. `from` is null for what begins anew. */
export function planOf(spans: ReadonlyMap<string, Span>, from: string | null): Plan {
  const last = from === null ? -1 : (spans.get(from)?.last ?? -1);
  return { steps: last + 1, isCopied: (path) => (spans.get(path)?.first ?? Number.POSITIVE_INFINITY) <= last };
}

/** A merge patch as somebody typed it: nothing at all, one, or what is wrong with it. */
export type Typed =
  | { is: "empty" }
  | { is: "patch"; patch: Record<string, unknown> }
  | { is: "wrong"; problem: string };

const NO_OBJECT = "Write an object in { }: it names the members that change.";

/** Reads what somebody typed as a merge patch. */
export function readPatch(text: string): Typed {
  if (text.trim() === "") return { is: "empty" };
  const problem = jsonFault(text);
  if (problem !== null) return { is: "wrong", problem };
  const patch: unknown = JSON.parse(text);
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return { is: "wrong", problem: NO_OBJECT };
  return { is: "patch", patch: { ...patch } };
}
