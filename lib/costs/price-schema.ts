import { z } from "zod";
import { dollars, toMicros } from "@/lib/core/money";

const MAX_USD = 1_000_000;
const AMOUNT = `must be dollars from 0 to ${MAX_USD} with at most 6 decimals`;
/** Dollars for a million tokens. */
const amount = z
  .number(AMOUNT)
  .max(MAX_USD, AMOUNT)
  // Micro-dollars are what prices are told apart by: what they cannot hold is refused, not rounded.
  .refine((usd) => usd >= 0 && dollars(toMicros(usd)) === usd, AMOUNT);
const ofCache = amount.nullable().default(null);

const NAME_LENGTH = 200;
const NAME = `must be the name of a model of up to ${NAME_LENGTH} characters, with * only at its end`;
/** As steps name it; one that ends in `*` stands for all that begin with what is before it. */
const model = z
  .string(NAME)
  .trim()
  .max(NAME_LENGTH, NAME)
  .regex(/^[^*\p{Cc}]+\*?$/u, NAME);

/** What a project pays for a model (public contract §8): the body of `PUT /api/costs/prices`. */
export const OwnPrice = z.strictObject({
  model,
  input_usd_per_mtok: amount,
  output_usd_per_mtok: amount,
  /** Null where what is read from a cache, or written into it, costs what all other input does. */
  cache_read_usd_per_mtok: ofCache,
  cache_write_usd_per_mtok: ofCache,
});
export type OwnPrice = z.infer<typeof OwnPrice>;

export const MAX_OWN_PRICES = 200;

/** All of a project, as they are stored: each model once, in the order of their names. */
export const OwnPrices = z
  .array(OwnPrice, "must be a list of prices")
  .max(MAX_OWN_PRICES, `must have at most ${MAX_OWN_PRICES} prices`)
  .superRefine((prices, context) => {
    const seen = new Set<string>();
    for (const [index, { model: name }] of prices.entries()) {
      if (seen.has(name)) context.addIssue({ code: "custom", path: [index, "model"], message: "is told twice" });
      seen.add(name);
    }
  });
export type OwnPrices = z.infer<typeof OwnPrices>;

/** The query of `DELETE /api/costs/prices`. */
export const OwnPriceName = z.object({ model });
export type OwnPriceName = z.infer<typeof OwnPriceName>;

/** The body of `POST /api/costs/reprice`: of one model, or of all whose price has become known. */
export const Reprice = z.strictObject({
  model_id: z.string("must be a text").min(1, "must not be empty").max(NAME_LENGTH).nullable().default(null),
});
export type Reprice = z.infer<typeof Reprice>;

export const PricesView = z.object({
  prices: z.array(OwnPrice),
  /** Which list prices of all other models are from, and of which version. */
  price_list: z.string(),
});
export type PricesView = z.infer<typeof PricesView>;

/** How many steps have got a price now, and how many wait for theirs. */
export const Repriced = z.object({ repriced_steps: z.number(), remaining_steps: z.number() });
export type Repriced = z.infer<typeof Repriced>;

export const PriceSet = Repriced.extend({ price: OwnPrice });
export type PriceSet = z.infer<typeof PriceSet>;

/** A model of which steps have no price. Days are of the project's calendar, `YYYY-MM-DD`. */
export const UnpricedModel = z.object({
  /** Empty for steps that name none, which can get no price. */
  model_id: z.string(),
  steps: z.number(),
  /** Of all steps that are summed up with these: those of the same day, workflow and agent. */
  input_tokens: z.number(),
  output_tokens: z.number(),
  first_day: z.string(),
  last_day: z.string(),
  /** Ids of up to ten. */
  workflows: z.array(z.string()),
  /** Whether its price is known by now, so that steps only wait to be priced. */
  priceable: z.boolean(),
});
export type UnpricedModel = z.infer<typeof UnpricedModel>;

export const UnpricedView = z.object({ models: z.array(UnpricedModel) });
export type UnpricedView = z.infer<typeof UnpricedView>;

/** What pages show of prices. */
export type PriceOverview = PricesView & UnpricedView;
