import { randomUUID } from "node:crypto";
import { acknowledgeAlert } from "@/lib/alerts/commands";
import { type Caller, SCOPES } from "@/lib/auth/caller";
import { createChannel } from "@/lib/channels/commands";
import { createCheck, deleteCheck, muteCheck, updateCheck } from "@/lib/checks/commands";
import { lockChecks } from "@/lib/checks/store/rows";
import { saveChanges } from "@/lib/checks/store/save";
import { HOUR, iso } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { CAST } from "./cast";
import { replay } from "./replay";
import type { Moment } from "./timeline";

/** A check as it was filled, and what is still to happen to it. */
export type Player = { id: string; name: string; coming: Iterator<Moment>; next: Moment | null };
export type Demo = { projectId: string; projectName: string; players: Player[] };

const MAILBOX = "Demo mailbox";
const SLUGS = CAST.map(({ input }) => input.slug);

/** The one who writes the demonstration into the first project. Throws an Error with one sentence when there is none. */
async function author(): Promise<Caller & { projectName: string }> {
  const found = await pool().query<{ id: string; name: string }>(
    "SELECT id, name FROM projects ORDER BY created_at, id LIMIT 1",
  );
  const [project] = found.rows;
  if (project === undefined) throw new Error("There is no project to fill: create one in the dashboard first.");
  const scopes = new Set(SCOPES);
  return { kind: "key", projectId: project.id, projectName: project.name, actor: "system:demo", scopes };
}

/** Takes the demonstration out of the first project, with its alerts. Returns how many checks that were. */
export async function removeDemo(): Promise<number> {
  const caller = await author();
  const ids = await removeChecks(caller);
  await pool().query("DELETE FROM channels WHERE project_id = $1 AND kind = 'email' AND name = $2", [
    caller.projectId,
    MAILBOX,
  ]);
  return ids.length;
}

/** Only checks that carry both the tag and a name of the cast: what people made themselves stays. */
async function removeChecks(caller: Caller): Promise<string[]> {
  const found = await pool().query<{ id: string }>(
    "SELECT id FROM checks WHERE project_id = $1 AND slug = ANY ($2) AND 'demo' = ANY (string_to_array(tags, ' '))",
    [caller.projectId, SLUGS],
  );
  const ids = found.rows.map(({ id }) => id);
  for (const id of ids) await deleteCheck(caller, id);
  await pool().query("DELETE FROM alerts WHERE project_id = $1 AND subject_id = ANY ($2)", [caller.projectId, ids]);
  return ids;
}

/**
 * Fills the first project with the demonstration, in place of an earlier one: checks with a quarter of history, as if it
 * had been watched all along. What is still to happen comes with each check, for whoever sends it.
 */
export async function fillDemo(): Promise<Demo> {
  const caller = await author();
  await removeChecks(caller);
  const ids: string[] = [];
  for (const { input } of CAST) {
    const made = await createCheck(caller, { input, version: 3 });
    ids.push(made.check.id);
  }
  const { made, players } = await tellHistory(ids);
  await settle(caller, ids, made);
  return { projectId: caller.projectId, projectName: caller.projectName, players };
}

/** Writes what happened up to now, by the database's clock. */
function tellHistory(ids: string[]): Promise<{ made: number; players: Player[] }> {
  return transaction(async (tx) => {
    const { checks, now } = await lockChecks(tx, ids);
    const stories = CAST.map(({ input, timeline }, index) => {
      const check = checks.get(ids[index] ?? "");
      if (check === undefined) throw new Error(`${input.name} has been deleted meanwhile.`);
      const { past, ...player } = divide(timeline(now), now);
      const change = replay(check, past, { now, newRunId: randomUUID });
      return { change, began: past[0]?.at ?? now, player: { id: check.id, name: input.name, ...player } };
    });
    await saveChanges(
      tx,
      stories.map(({ change }) => change),
    );
    await tx.query(
      `UPDATE checks SET created_at = began FROM unnest($1::uuid[], $2::timestamptz[]) AS b (id, began) WHERE checks.id = b.id`,
      [stories.map(({ player }) => player.id), stories.map(({ began }) => iso(began - HOUR))],
    );
    return { made: now, players: stories.map(({ player }) => player) };
  });
}

/** What of a timeline has happened by `now`, and the rest. */
function divide(timeline: Iterable<Moment>, now: number): Pick<Player, "coming" | "next"> & { past: Moment[] } {
  const coming = timeline[Symbol.iterator]();
  const past: Moment[] = [];
  for (;;) {
    const step = coming.next();
    if (step.done === true) return { past, coming, next: null };
    if (step.value.at > now) return { past, coming, next: step.value };
    past.push(step.value);
  }
}

/** What people have done about it: channels, a muted check, an alert that somebody has seen. */
async function settle(caller: Caller, ids: string[], made: number): Promise<void> {
  const channels = await mailbox(caller);
  for (const [index, { mutedMs, acknowledged }] of CAST.entries()) {
    const id = ids[index] ?? "";
    if (channels !== "") await updateCheck(caller, id, { input: { channels }, version: 3 });
    if (mutedMs !== undefined) await muteCheck(caller, id, made + mutedMs);
    if (acknowledged) await acknowledgeOpen(caller, id);
  }
}

/** The channel that mails go to. None where mails really leave: nobody has asked for these. */
async function mailbox(caller: Caller): Promise<string> {
  if (env().RESEND_API_KEY !== undefined) return "";
  const found = await pool().query<{ id: string }>(
    "SELECT id FROM channels WHERE project_id = $1 AND kind = 'email' AND name = $2 ORDER BY created_at LIMIT 1",
    [caller.projectId, MAILBOX],
  );
  const config = { to: "team@example.org" };
  return found.rows[0]?.id ?? (await createChannel(caller, { kind: "email", name: MAILBOX, events: [], config })).id;
}

async function acknowledgeOpen(caller: Caller, checkId: string): Promise<void> {
  const open = await pool().query<{ id: number }>(
    "SELECT id FROM alerts WHERE project_id = $1 AND subject_id = $2 AND resolved_at IS NULL",
    [caller.projectId, checkId],
  );
  for (const { id } of open.rows) await acknowledgeAlert(caller, id);
}
