import type { AlertFacts, Attempt } from "@/lib/channels/kind";

const check = {
  id: "c1",
  name: "Nightly backup",
  tags: "db prod_1",
  schedule: "by the schedule */5 * * * * (UTC)",
  grace_seconds: 300,
  last_ping_at: "2026-11-20T11:00:00.000Z",
};

/** The facts of a check that went down, as a channel gets them. */
export const downFacts: AlertFacts = {
  id: 7,
  projectId: "p1",
  type: "check.down",
  severity: "critical",
  subject: { type: "check", id: "c1", name: "Nightly backup" },
  message: '"Nightly backup" is down: no signal since 2026-11-20 11:00:00 UTC.',
  data: { check, at: "2026-11-20T12:05:00.000Z" },
  occurredAt: new Date("2026-11-20T12:05:00Z"),
};

/** The facts of its return ten minutes later. */
export const upFacts: AlertFacts = {
  ...downFacts,
  id: 8,
  type: "check.up",
  severity: "info",
  message: '"Nightly backup" is up again after 10 minutes down.',
  data: { check, at: "2026-11-20T12:15:00.000Z", down_since: "2026-11-20T12:05:00.000Z", downtime_seconds: 600 },
  occurredAt: new Date("2026-11-20T12:15:00Z"),
};

/** The same facts about a check of this name, in its message too. */
export function namedFacts(name: string): AlertFacts {
  return { ...downFacts, subject: { ...downFacts.subject, name }, message: `"${name}" is down.` };
}

export const anAttempt: Attempt = {
  deliveryId: "0b0e7c1e-0000-4000-8000-000000000001",
  at: new Date("2026-11-20T12:05:01Z"),
  projectSecret: "",
};
