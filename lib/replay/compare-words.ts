import { durationWords } from "@/lib/checks/detail/durations";
import { usdWords } from "@/lib/core/money";
import type { CompareRow } from "./compare-rows";
import type { Aggregates, DivergenceClass } from "./schema";

const countWords = (count: number): string => count.toLocaleString("en").replace("-", "−");
const timeWords = (ms: number): string => `${ms < 0 ? "−" : ""}${durationWords(Math.abs(ms))}`;

const signed = (words: (value: number) => string, value: number): string =>
  value > 0 ? `+${words(value)}` : value === 0 ? "±0" : words(value);

const TOTALS: [label: string, field: keyof Aggregates, words: (value: number) => string][] = [
  ["Steps", "steps", countWords],
  ["Cost", "total_cost_usd", usdWords],
  ["Tokens in", "input_tokens", countWords],
  ["Tokens out", "output_tokens", countWords],
  ["Time, first step to last", "total_time_ms", timeWords],
];

/** The difference of two sums of money, without what floating point adds to it. */
const minus = (b: number, a: number): number => Math.round((b - a) * 1_000_000) / 1_000_000;

export type TotalLine = { label: string; a: string; b: string; difference: string };

/** The totals of two instances in words, and b − a. */
export const totalLines = (a: Aggregates, b: Aggregates): TotalLine[] =>
  TOTALS.map(([label, field, words]) => ({
    label,
    a: words(a[field]),
    b: words(b[field]),
    difference: signed(words, minus(b[field], a[field])),
  }));

/** What a row is called after the class of its difference, and the sign it has beside its colour. */
export const CLASS_WORDS: Record<DivergenceClass, { word: string; sign: string }> = {
  input: { word: "input", sign: "≠" },
  output: { word: "output", sign: "≠" },
  error: { word: "error", sign: "!" },
  order: { word: "order", sign: "⇅" },
  missing: { word: "missing", sign: "−" },
  extra: { word: "extra", sign: "+" },
};

/** What two instances are called beside each other. */
export type Names = { a: string; b: string };

/** What differs in a row, as the end of a sentence. */
export function differenceWords({ class: reason, a }: CompareRow, names: Names): string {
  const [owner, other] = a === null ? [names.b, names.a] : [names.a, names.b];
  const words: Record<DivergenceClass, string> = {
    input: "the input differs",
    output: "the output differs, of the same input",
    error: "one succeeded and the other failed",
    order: "the order differs",
    missing: `${other} lacks what ${owner} did`,
    extra: `${owner} did what ${other} did not`,
  };
  return reason === null ? "nothing differs" : words[reason];
}

/** Where two instances part, in one sentence. `divergence` is the place of the first row that differs. */
export function comparisonSentence(rows: readonly CompareRow[], divergence: number | null, names: Names): string {
  const row = divergence === null ? undefined : rows[divergence];
  if (divergence === null || row === undefined)
    return rows.length === 0
      ? "Neither has a step yet."
      : "No difference. Ids, moments and response times do not count.";
  const end = `(stage ${row.path}); there ${differenceWords(row, names)}.`;
  if (divergence === 0) return `They differ from the first step on ${end}`;
  return `They are the same up to step ${row.a?.step ?? row.b?.step ?? divergence} ${end}`;
}

type Named = { seq: number; workflow: { id: string; name: string } };

/** What two instances are called beside each other: by their numbers, and their workflows where these differ. */
export function namesOf(a: Named, b: Named): Names {
  const isOne = a.workflow.id === b.workflow.id;
  const nameOf = ({ seq, workflow }: Named): string => (isOne ? `#${seq}` : `${workflow.name} #${seq}`);
  return { a: nameOf(a), b: nameOf(b) };
}
