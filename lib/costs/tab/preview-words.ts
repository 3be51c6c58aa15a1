import type { BudgetPreview } from "@/lib/costs/preview-schema";
import { aboutUsd } from "./about-usd";

type Counts = Pick<
  BudgetPreview,
  "period_days" | "instances" | "would_stop" | "would_warn" | "days_over_limit" | "saved_usd"
>;

const many = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

function stopWords({ instances, would_stop: stopped, saved_usd: saved }: Counts): string {
  const all = many(instances, "instance");
  if (stopped === 0) return `stopped none of ${all}`;
  return `stopped ${stopped.toLocaleString("en")} of ${all} and saved ${aboutUsd(saved)}`;
}

/** What a budget would have done, in plain sentences. One that is off is spoken of as if it were switched on. */
export function previewWords(preview: Counts, isEnabled: boolean): string {
  const { instances, period_days: days, would_warn: warned, days_over_limit: over } = preview;
  if (instances === 0) return `No instance began in the last ${days} days, so there is nothing to try this on.`;
  const lead = isEnabled ? "In" : "The budget is off. Switched on, in";
  const sentences = [`${lead} the last ${days} days this would have ${stopWords(preview)}.`];
  if (warned > 0)
    sentences.push(`You would have been told of ${many(warned, "instance")} that it would not have stopped.`);
  if (over > 0) sentences.push(`${many(over, "day")} would have been above the daily limit.`);
  return sentences.join(" ");
}

/** What tripped, of an example. */
export const TRIPPED_WORDS: Readonly<Record<BudgetPreview["examples"][number]["by"], string>> = {
  limit: "above the limit",
  daily: "above the daily limit",
  anomaly: "unusual",
};

/** Where costs lie, for who has to choose a limit; null while nothing cost anything. */
export function spreadWords(preview: BudgetPreview): string | null {
  if (preview.highest_instance_usd === 0) return null;
  const [median, p95, highest] = [
    preview.median_instance_usd,
    preview.p95_instance_usd,
    preview.highest_instance_usd,
  ].map(aboutUsd);
  return `Half of the instances cost up to ${median}, 95 of 100 up to ${p95}, the dearest ${highest}.`;
}
