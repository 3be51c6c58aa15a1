import { assignAllChannels, DEFAULT_CHECK, insertCheck } from "@/lib/checks/store/insert";
import type { Db } from "@/lib/db/pool";
import type { Outcome, Signal } from "./signal";

/** Where a signal leads: the check it is for, or the answer when there is none. */
export type Resolved = { checkId: string; created: boolean } | { outcome: Exclude<Outcome, "recorded" | "created"> };

type SlugTarget = Extract<Signal["target"], { by: "slug" }>;
type Pair = { pingKey: string; slug: string; projectId: string | null; checkIds: string[]; createdBy: number | null };

const pairKey = ({ pingKey, slug }: { pingKey: string; slug: string }) => `${pingKey}/${slug}`;

const isSlug = (target: Signal["target"]): target is SlugTarget => target.by === "slug";

/** Finds the check of every signal, making those that `create=1` asks for: exactly one, however many ask at once. */
export async function resolve(tx: Db, signals: Signal[]): Promise<Resolved[]> {
  const targets = signals.map((signal) => signal.target).filter(isSlug);
  const pairs = targets.length === 0 ? new Map<string, Pair>() : await lookUp(tx, targets);
  await provision(tx, signals, pairs);
  return signals.map((signal, index) => {
    if (signal.target.by === "uuid") return { checkId: signal.target.uuid, created: false };
    const pair = pairs.get(pairKey(signal.target));
    return pair === undefined ? { outcome: "not_found" } : ofPair(pair, signal, index);
  });
}

function ofPair(pair: Pair, signal: Signal, index: number): Resolved {
  const [checkId, second] = pair.checkIds;
  if (second !== undefined) return { outcome: "ambiguous" };
  const existed = pair.createdBy === null || index >= pair.createdBy;
  if (checkId !== undefined && existed) return { checkId, created: pair.createdBy === index };
  // A project that exists, asked to make a check by a request that is wrong in another way, makes none.
  const wouldCreate = signal.target.by === "slug" && signal.target.create && pair.projectId !== null;
  return { outcome: wouldCreate && signal.refusal !== null ? "refused" : "not_found" };
}

async function lookUp(tx: Db, targets: SlugTarget[]): Promise<Map<string, Pair>> {
  const distinct = [...new Map(targets.map((target) => [pairKey(target), target])).values()];
  const found = await tx.query<{ ping_key: string; slug: string; project_id: string | null; check_ids: string[] }>({
    name: "resolve-slugs",
    text: `SELECT t.ping_key, t.slug, projects.id AS project_id,
                  coalesce(array_agg(checks.id::text) FILTER (WHERE checks.id IS NOT NULL), '{}') AS check_ids
             FROM unnest($1::text[], $2::text[]) AS t (ping_key, slug)
             LEFT JOIN projects ON projects.ping_key = t.ping_key
             LEFT JOIN checks ON checks.project_id = projects.id AND checks.slug = t.slug
            GROUP BY t.ping_key, t.slug, projects.id`,
    values: [distinct.map((target) => target.pingKey), distinct.map((target) => target.slug)],
  });
  const pairs = found.rows.map((row) => ({
    pingKey: row.ping_key,
    slug: row.slug,
    projectId: row.project_id,
    checkIds: row.check_ids,
    createdBy: null,
  }));
  return new Map(pairs.map((pair) => [pairKey(pair), pair]));
}

/** The pairs to be made, each with the position of the signal that asked first. */
function wanted(signals: Signal[], pairs: Map<string, Pair>): Map<Pair, number> {
  const asked = new Map<Pair, number>();
  for (const [index, { target, refusal }] of signals.entries()) {
    const pair = isSlug(target) && target.create && refusal === null ? pairs.get(pairKey(target)) : undefined;
    if (pair?.projectId && pair.checkIds.length === 0 && !asked.has(pair)) asked.set(pair, index);
  }
  return asked;
}

async function provision(tx: Db, signals: Signal[], pairs: Map<string, Pair>): Promise<void> {
  const asked = wanted(signals, pairs);
  if (asked.size === 0) return;
  // Slugs are not unique, so a lock stands in for the constraint. Sorted, so that two batches cannot wait for each other.
  const missing = [...asked.keys()].sort((a, b) => (pairKey(a) < pairKey(b) ? -1 : 1));
  for (const pair of missing) await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [pairKey(pair)]);
  const fresh = await lookUp(
    tx,
    missing.map((pair) => ({ ...pair, by: "slug", create: true })),
  );
  for (const pair of missing) {
    pair.checkIds = fresh.get(pairKey(pair))?.checkIds ?? [];
    if (pair.checkIds.length > 0 || pair.projectId === null) continue;
    const id = await insertCheck(tx, pair.projectId, { ...DEFAULT_CHECK, name: pair.slug, slug: pair.slug });
    await assignAllChannels(tx, pair.projectId, id);
    pair.checkIds = [id];
    pair.createdBy = asked.get(pair) ?? null;
  }
}
