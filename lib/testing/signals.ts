import { randomUUID } from "node:crypto";
import { transition } from "@/lib/checks/state";
import type { NewPing } from "@/lib/checks/store/change";
import { lockChecks } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { transaction } from "@/lib/db/transaction";

const PING: Omit<NewPing, "createdAt"> = {
  kind: "success",
  source: "healthchecks",
  scheme: "http",
  remoteAddr: "192.0.2.7",
  method: "GET",
  userAgent: "curl/8",
  rid: null,
  exitStatus: null,
  durationMs: null,
  details: null,
  body: null,
};

type Sent = Partial<NewPing> & {
  /** How long ago it arrived. */
  agoMs?: number;
};

/** Records a signal for a check as if it had arrived `agoMs` ago. */
export async function signal(checkId: string, { agoMs = 0, ...ping }: Sent = {}): Promise<void> {
  const sent = { ...PING, ...ping };
  await transaction(async (tx) => {
    const locked = await lockChecks(tx, [checkId]);
    const before = locked.checks.get(checkId);
    if (before === undefined) throw new Error(`no check ${checkId}`);
    const at = locked.now - agoMs;
    const made = transition(before, { type: sent.kind, rid: sent.rid, runId: randomUUID() }, at);
    const recorded = { ...sent, durationMs: ping.durationMs ?? made.durationMs, createdAt: ping.createdAt ?? at };
    await saveChanges(tx, [{ before, steps: [{ transition: made, ping: recorded }] }]);
  });
}

/** Lets time pass for a check: whatever has run out goes down. */
export async function tick(checkId: string): Promise<void> {
  await transaction(async (tx) => {
    const locked = await lockChecks(tx, [checkId]);
    const before = locked.checks.get(checkId);
    if (before === undefined) throw new Error(`no check ${checkId}`);
    const event = { type: "tick" } as const;
    await saveChanges(tx, [{ before, steps: [{ transition: transition(before, event, locked.now), ping: null }] }]);
  });
}
