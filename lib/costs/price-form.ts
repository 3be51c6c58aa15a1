/** Pure: what the form of an own price holds, and how far steps have been priced. */
import type { OwnPrice, Repriced } from "./price-schema";

/** Dollars for a million tokens as they are typed; empty where nothing is. */
type Typed = number | string;

export type PriceForm = { model: string; input: Typed; output: Typed; cacheRead: Typed; cacheWrite: Typed };

/** The form of a price that is changed, or of a new one of a model whose name may be known. */
export function toForm(price: OwnPrice | string): PriceForm {
  if (typeof price === "string") return { model: price, input: "", output: "", cacheRead: "", cacheWrite: "" };
  return {
    model: price.model,
    input: price.input_usd_per_mtok,
    output: price.output_usd_per_mtok,
    cacheRead: price.cache_read_usd_per_mtok ?? "",
    cacheWrite: price.cache_write_usd_per_mtok ?? "",
  };
}

const read = (typed: Typed): number | null => (typed === "" || Number.isNaN(Number(typed)) ? null : Number(typed));

/** What is sent of it; null while input or output are missing. */
export function toPrice({ model, input, output, cacheRead, cacheWrite }: PriceForm): OwnPrice | null {
  const [inputUsd, outputUsd] = [read(input), read(output)];
  if (inputUsd === null || outputUsd === null) return null;
  return {
    model: model.trim(),
    input_usd_per_mtok: inputUsd,
    output_usd_per_mtok: outputUsd,
    cache_read_usd_per_mtok: read(cacheRead),
    cache_write_usd_per_mtok: read(cacheWrite),
  };
}

/** Where what the server says of a field of a price is shown. */
export const FIELDS: Readonly<Record<string, keyof PriceForm>> = {
  model: "model",
  input_usd_per_mtok: "input",
  output_usd_per_mtok: "output",
  cache_read_usd_per_mtok: "cacheRead",
  cache_write_usd_per_mtok: "cacheWrite",
};

/** How many steps got a price so far, of how many. */
export type Progress = { done: number; total: number };

/**
 * Asks for further steps to be priced until none waits, or an answer comes no nearer to that, and tells how far it is after each
 * answer. What is done stays done; more may wait than was known. `first`: an answer that is there already.
 */
export async function* progressBy(ask: () => Promise<Repriced>, first?: Repriced): AsyncGenerator<Progress> {
  let done = 0;
  for (let answer = first ?? (await ask()); ; answer = await ask()) {
    done += answer.repriced_steps;
    yield { done, total: done + answer.remaining_steps };
    if (answer.remaining_steps === 0 || answer.repriced_steps === 0) return;
  }
}

export const progressWords = ({ done, total }: Progress): string =>
  `${done.toLocaleString("en")} of ${total.toLocaleString("en")} ${total === 1 ? "step" : "steps"} priced`;
