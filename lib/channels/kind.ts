import type { z } from "zod";
import type { InvalidParam } from "@/lib/core/errors";

/** All that a message is made of. A retry days later must say the same, so nothing else is looked up. */
export type AlertFacts = {
  id: number;
  projectId: string;
  type: string;
  severity: "info" | "warning" | "critical";
  subject: { type: string; id: string; name: string };
  message: string;
  data: unknown;
  occurredAt: Date;
};

export type ChannelFacts = { name: string; projectName: string };

/** One attempt. `deliveryId` is the same for all attempts; `at` is the database's time of this one. */
export type Attempt = { deliveryId: string; at: Date; projectSecret: string };

/** What came of an attempt. `status` is the receiver's HTTP status, null when it gave none. */
export type Outcome =
  | { result: "sent"; status: number | null }
  /** Worth another try, `retryAfterMs` from now at the earliest. */
  | { result: "retry"; status: number | null; error: string; retryAfterMs: number | null }
  /** Will never work as it stands. */
  | { result: "rejected"; status: number | null; error: string }
  /** The receiver wants nothing more from us. */
  | { result: "gone"; status: number | null; error: string };

/** How one kind of channel works. Configs and messages come out of storage, so they are checked on the way in. */
export type Kind = {
  /** The config as it may be shown: no secrets. */
  show: (config: unknown) => Record<string, unknown>;
  /** Why a well-formed config may still not be used here; null when it may. */
  objection: (config: unknown) => InvalidParam | null;
  /** The message to store with the delivery. */
  render: (alert: AlertFacts, channel: ChannelFacts) => object;
  send: (message: unknown, config: unknown, attempt: Attempt) => Promise<Outcome>;
};

type Typed<C, M extends object> = {
  config: z.ZodType<C>;
  message: z.ZodType<M>;
  show: (config: C) => Record<string, unknown>;
  objection?: (config: C) => InvalidParam | null;
  render: (alert: AlertFacts, channel: ChannelFacts) => M;
  send: (message: M, config: C, attempt: Attempt) => Promise<Outcome>;
};

/** Makes a Kind of functions that know the types of their config and message. */
export function defineKind<C, M extends object>(kind: Typed<C, M>): Kind {
  return {
    show: (config) => kind.show(kind.config.parse(config)),
    objection: (config) => kind.objection?.(kind.config.parse(config)) ?? null,
    render: kind.render,
    send: (message, config, attempt) => kind.send(kind.message.parse(message), kind.config.parse(config), attempt),
  };
}
