export type DiffLine = { is: "same" | "added" | "removed"; text: string };

/** What is left of a difference to be shown: lines, and how many unchanged ones were left out. */
export type ShownLine = DiffLine | { is: "folded"; count: number };

/** The table of the comparison may have so many cells; longer texts are said to differ as a whole. */
const MAX_CELLS = 4_000_000;

const lines = (is: DiffLine["is"], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ is, text }));

function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

const commonEnd = (a: readonly string[], b: readonly string[]): number => commonStart(a.toReversed(), b.toReversed());

/** For each pair of places, the length of the longest common subsequence of what follows them, row by row. */
function lengths(a: readonly string[], b: readonly string[]): Uint32Array {
  const width = b.length + 1;
  const table = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const [below = 0, beside = 0, across = 0] = [
        table[(i + 1) * width + j],
        table[i * width + j + 1],
        table[(i + 1) * width + j + 1],
      ];
      table[i * width + j] = a[i] === b[j] ? across + 1 : Math.max(below, beside);
    }
  }
  return table;
}

function compare(a: readonly string[], b: readonly string[]): DiffLine[] {
  const width = b.length + 1;
  if ((a.length + 1) * width > MAX_CELLS) return [...lines("removed", a), ...lines("added", b)];
  const table = lengths(a, b);
  const found: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const [before = "", after = ""] = [a[i], b[j]];
    if (before === after) {
      found.push({ is: "same", text: before });
      i += 1;
      j += 1;
    } else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) {
      found.push({ is: "removed", text: before });
      i += 1;
    } else {
      found.push({ is: "added", text: after });
      j += 1;
    }
  }
  return [...found, ...lines("removed", a.slice(i)), ...lines("added", b.slice(j))];
}

/** What was taken out of a text and what came into it, line by line: the rest is their longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const start = commonStart(a, b);
  const end = commonEnd(a.slice(start), b.slice(start));
  return [
    ...lines("same", a.slice(0, start)),
    ...compare(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...lines("same", a.slice(a.length - end)),
  ];
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
