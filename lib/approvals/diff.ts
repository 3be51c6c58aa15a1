import { align } from "@/lib/core/align";

export type DiffLine = { is: "same" | "added" | "removed"; text: string };

/** What is left of a difference to be shown: lines, and how many unchanged ones were left out. */
export type ShownLine = DiffLine | { is: "folded"; count: number };

/** What was taken out of a text and what came into it, line by line: the rest is their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  return align(a, b).map((pair) => {
    if (pair.a === null) return { is: "added", text: b[pair.b ?? 0] ?? "" };
    return { is: pair.b === null ? "removed" : "same", text: a[pair.a] ?? "" };
  });
}

/** A difference without what is far from every change: `around` unchanged lines are kept beside each. */
export function foldUnchanged(all: readonly DiffLine[], around = 3): ShownLine[] {
  const near = new Set<number>();
  all.forEach(({ is }, at) => {
    if (is === "same") return;
    for (let line = at - around; line <= at + around; line += 1) near.add(line);
  });
  const shown: ShownLine[] = [];
  all.forEach((line, at) => {
    const last = shown.at(-1);
    if (near.has(at)) shown.push(line);
    else if (last?.is === "folded") last.count += 1;
    else shown.push({ is: "folded", count: 1 });
  });
  return shown;
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2) ?? "";

/** The difference that the arguments of an action describe: those that hold a `before` and an `after`; null for others. */
export function changeOf(args: unknown): DiffLine[] | null {
  if (typeof args !== "object" || args === null || !("before" in args && "after" in args)) return null;
  // Whatever else there is would be approved unseen.
  if (Object.keys(args).length > 2) return null;
  return diffLines(pretty(args.before), pretty(args.after));
}
