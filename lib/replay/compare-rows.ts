import type { ComparedStep, DivergenceClass } from "./schema";

/** What the list of compared steps shows of one of them. Costs are millionths of a dollar. */
export type ListedStep = { stageName: string | null; costMicros: number | null };

/** One side of a row: the number of its step, from 0, and what the list shows of it. */
export type Cell = ListedStep & { step: number };

/** One place of two aligned instances, as the list draws it. */
export type CompareRow = {
  kind: ComparedStep["kind"];
  class: DivergenceClass | null;
  path: string;
  a: Cell | null;
  b: Cell | null;
};

/**
 * Rows as columns, a tenth of what they are as objects: a letter of `marks` for what each is; `path` and the names point into
 * `texts` (-1: none); names and costs of each side are of its steps in their order.
 */
export type RowColumns = {
  texts: string[];
  marks: string;
  path: number[];
  a: { name: number[]; costMicros: (number | null)[] };
  b: { name: number[]; costMicros: (number | null)[] };
};

type Meaning = Pick<CompareRow, "kind" | "class">;

const MARKS: Readonly<Record<string, Meaning>> = {
  "=": { kind: "same", class: null },
  i: { kind: "changed", class: "input" },
  o: { kind: "changed", class: "output" },
  e: { kind: "changed", class: "error" },
  "-": { kind: "missing", class: "missing" },
  "+": { kind: "extra", class: "extra" },
  "<": { kind: "missing", class: "order" },
  ">": { kind: "extra", class: "order" },
};
const SAME: Meaning = { kind: "same", class: null };

const markOf = (row: Meaning): string =>
  Object.entries(MARKS).find(([, { kind, class: reason }]) => kind === row.kind && reason === row.class)?.[0] ?? "=";

type Sides<T> = { a: readonly T[]; b: readonly T[] };

/** Packs compared steps, with what the lists of both sides show of theirs. */
export function toRowColumns(steps: readonly ComparedStep[], { a, b }: Sides<ListedStep>): RowColumns {
  const texts = new Map<string, number>();
  const place = (text: string | null): number => {
    if (text === null) return -1;
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const sideOf = (side: readonly ListedStep[]) => ({
    name: side.map(({ stageName }) => place(stageName)),
    costMicros: side.map(({ costMicros }) => costMicros),
  });
  const [path, marks] = [steps.map((step) => place(step.stage_path)), steps.map(markOf).join("")];
  return { marks, path, a: sideOf(a), b: sideOf(b), texts: [...texts.keys()] };
}

/** Unpacks what `toRowColumns` packed. */
export function fromRowColumns({ texts, marks, path, a, b }: RowColumns): CompareRow[] {
  const next = { a: 0, b: 0 };
  const take = (side: "a" | "b"): Cell => {
    const step = next[side];
    next[side] += 1;
    const { name, costMicros } = side === "a" ? a : b;
    return { step, stageName: texts[name[step] ?? -1] ?? null, costMicros: costMicros[step] ?? null };
  };
  return path.map((at, row) => {
    const meaning = MARKS[marks[row] ?? ""] ?? SAME;
    const [isInA, isInB] = [meaning.kind !== "extra", meaning.kind !== "missing"];
    return { ...meaning, path: texts[at] ?? "", a: isInA ? take("a") : null, b: isInB ? take("b") : null };
  });
}

/** The rows that differ, in their order. */
export const differingRows = (rows: readonly CompareRow[]): number[] =>
  rows.flatMap(({ kind }, row) => (kind === "same" ? [] : [row]));

/** The row of an ascending list that follows on the present one, or the one before it; none is present before the first is chosen. */
export function neighbour(among: readonly number[], present: number | null, way: "next" | "previous"): number | null {
  const found =
    way === "next"
      ? among.find((row) => row > (present ?? -1))
      : among.findLast((row) => present !== null && row < present);
  return found ?? null;
}
