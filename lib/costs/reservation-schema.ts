import { z } from "zod";
import { toMicros } from "@/lib/core/money";
import { pageQuery } from "@/lib/core/page-query";
import { amountUsd } from "./schema";
import { type CanonicalUsage, readUsage } from "./usage";

/** Ids of reservations as we make them. */
export const RESERVATION_ID = /^res_[0-9a-z]{16}$/;

const MODEL_LENGTH = 200;
const MODEL = `must be a text of 1 to ${MODEL_LENGTH} characters`;
const LEASE = "must be a whole number of seconds from 1 to 3600";

/** What a call is going to cost: told in micro-dollars, or the model and what it is going to use. */
export type Estimate = { micros: number } | { model: string; usage: CanonicalUsage };

const Body = z.strictObject({
  estimated_cost_usd: amountUsd().optional(),
  model_id: z.string(MODEL).trim().min(1, MODEL).max(MODEL_LENGTH, MODEL).optional(),
  usage: z.looseObject({}, "must be an object").optional(),
  lease_seconds: z.number(LEASE).multipleOf(1, LEASE).min(1, LEASE).max(3600, LEASE).default(300),
});

type Wrong = { name: string; reason: string };

/** What a call is going to cost, or which field does not tell it. Exactly one of both forms is meant. */
function estimateOf({ estimated_cost_usd: usd, model_id: model, usage }: z.output<typeof Body>): Estimate | Wrong {
  if (usd !== undefined) {
    const isAlone = model === undefined && usage === undefined;
    return isAlone
      ? { micros: toMicros(usd) }
      : { name: "estimated_cost_usd", reason: "must not come with model_id and usage" };
  }
  if (model === undefined && usage === undefined)
    return { name: "estimated_cost_usd", reason: "is required, or model_id and usage" };
  if (model === undefined) return { name: "model_id", reason: "is required with usage" };
  if (usage === undefined) return { name: "usage", reason: "is required with model_id" };
  const { told, wrong } = readUsage(usage);
  if (wrong !== null) return { ...wrong, name: `usage.${wrong.name}` };
  return told === null ? { name: "usage", reason: "must tell input_tokens or output_tokens" } : { model, usage: told };
}

/** The body of `POST /api/instances/{id}/reserve`. */
export const Reserve = Body.transform((body, context) => {
  const estimate = estimateOf(body);
  if ("name" in estimate) {
    context.addIssue({ code: "custom", path: estimate.name.split("."), message: estimate.reason });
    return z.NEVER;
  }
  return { estimate, leaseSeconds: body.lease_seconds };
});
export type Reserve = z.output<typeof Reserve>;

/** Something held, as the API shows it to whom it was granted; `remaining_usd` is null where nothing is limited. */
export const Granted = z.object({
  reservation_id: z.string(),
  instance_id: z.string(),
  reserved_usd: z.number(),
  remaining_usd: z.number().nullable(),
  expires_at: z.string(),
});
export type Granted = z.infer<typeof Granted>;

/** The query of `GET /api/instances/{id}/reservations`: those that hold something still, the first to be over first. */
export const ListReservations = z.object(pageQuery);
export type ListReservations = z.infer<typeof ListReservations>;

export const Reservation = z.object({
  reservation_id: z.string(),
  reserved_usd: z.number(),
  created_at: z.string(),
  expires_at: z.string(),
});
export type Reservation = z.infer<typeof Reservation>;

/** The address of one reservation. */
export const ReservationPlace = z.object({
  id: z.string().min(1).max(64),
  reservation: z.string().regex(RESERVATION_ID),
});
