import { z } from "zod";
import { pageQuery } from "@/lib/core/page-query";
import { EVENT_TYPES } from "./events";

/** What an alert can be about; `channel.disabled` goes to every channel and cannot be subscribed to. */
const ALERT_TYPES = [...EVENT_TYPES, "channel.disabled"] as const;

export const ListAlerts = z.object({
  status: z.enum(["open", "acknowledged", "resolved"], "must be open, acknowledged or resolved").optional(),
  type: z.enum(ALERT_TYPES, `must be one of ${ALERT_TYPES.join(", ")}`).optional(),
  subject_id: z
    .string()
    .regex(/^[\w.-]{1,200}$/, "must be an id")
    .optional(),
  ...pageQuery,
});
export type ListAlerts = z.infer<typeof ListAlerts>;

// Alert ids are PostgreSQL integers.
const AlertNumber = z.coerce.number("must be an alert's id").int().min(1).max(2_147_483_647);

export const AlertId = z.object({ id: AlertNumber });

export const Alert = z.object({
  id: z.number(),
  type: z.string(),
  severity: z.enum(["info", "warning", "critical"]),
  subject: z.object({ type: z.string(), id: z.string(), name: z.string() }),
  message: z.string(),
  data: z.unknown(),
  occurred_at: z.string(),
  acknowledged_at: z.string().nullable(),
  resolved_at: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;

const DELIVERY_STATUSES = ["pending", "sent", "failed"] as const;

export const ListDeliveries = z.object({
  status: z.enum(DELIVERY_STATUSES, "must be pending, sent or failed").optional(),
  channel_id: z.uuid("must be a channel's id").optional(),
  alert_id: AlertNumber.optional(),
  ...pageQuery,
});
export type ListDeliveries = z.infer<typeof ListDeliveries>;

export const DeliveryId = z.object({ id: z.uuid() });

export const Delivery = z.object({
  id: z.string(),
  alert_id: z.number(),
  /** Null for what went to somebody directly. */
  channel_id: z.string().nullable(),
  /** Of what went directly: the address, or the origin of the URL it was posted to. */
  recipient: z.string().nullable(),
  event: z.string(),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.number(),
  /** Null unless pending. */
  next_attempt_at: z.string().nullable(),
  sent_at: z.string().nullable(),
  /** The receiver's HTTP status; null when it gave none, also for a mail that was only kept. */
  response_status: z.number().nullable(),
  error: z.string().nullable(),
  /** One line, a mail's subject. */
  subject: z.string(),
  created_at: z.string(),
});
export type Delivery = z.infer<typeof Delivery>;

/** With the message as it is sent, null before the first attempt. */
export const DeliveryDetail = Delivery.extend({ message: z.record(z.string(), z.unknown()).nullable() });
export type DeliveryDetail = z.infer<typeof DeliveryDetail>;
