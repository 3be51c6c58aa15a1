import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { assignAllChannels, insertCheck } from "@/lib/checks/store/insert";
import type { Db } from "@/lib/db/pool";
import type { Keyed } from "./resolve-keys";
import type { Resolved } from "./resolved";
import type { Signal } from "./signal";

/** A slug in the project of a ping key, or in one that is known already. */
type Place = { pingKey: string | null; projectId: string | null; slug: string };
type Asked = Place & { index: number; create: boolean; isRefused: boolean };
type Pair = Place & { checkIds: string[]; createdBy: number | null };

const placeKey = ({ pingKey, projectId, slug }: Place): string => `${pingKey ?? `:${projectId}`}/${slug}`;

/** What is asked by slug, with the position of its signal. */
function askedOf(signals: Signal[], { projects }: Keyed): Asked[] {
  return signals.flatMap(({ target, refusal }, index): Asked[] => {
    const common = { index, isRefused: refusal !== null };
    if (target.by === "slug") {
      const { pingKey, slug, create } = target;
      return [{ ...common, pingKey, projectId: null, slug, create }];
    }
    const projectId = projects.get(index);
    if (target.by !== "key" || projectId === undefined) return [];
    return [{ ...common, pingKey: null, projectId, slug: target.name, create: target.create }];
  });
}

/** By the position of the signal: the checks that are named by slug, made where `create` asks for it. */
export async function resolveSlugs(tx: Db, signals: Signal[], keyed: Keyed): Promise<Map<number, Resolved>> {
  const asked = askedOf(signals, keyed);
  if (asked.length === 0) return new Map();
  const pairs = await lookUp(tx, asked);
  await provision(tx, asked, pairs);
  return new Map(asked.map((one) => [one.index, ofPair(pairs.get(placeKey(one)), one)]));
}

function ofPair(pair: Pair | undefined, { index, create, isRefused }: Asked): Resolved {
  if (pair === undefined) return { is: "not_found" };
  const [checkId, second] = pair.checkIds;
  if (second !== undefined) return { is: "ambiguous" };
  const existed = pair.createdBy === null || index >= pair.createdBy;
  if (checkId !== undefined && existed) return { checkId, created: pair.createdBy === index };
  // A project that exists, asked to make a check by a request that is wrong in another way, makes none.
  const wouldCreate = create && pair.projectId !== null;
  return { is: wouldCreate && isRefused ? "refused" : "not_found" };
}

async function lookUp(tx: Db, places: Place[]): Promise<Map<string, Pair>> {
  const distinct = [...new Map(places.map((place) => [placeKey(place), place])).values()];
  const found = await tx.query<{ place: string; project_id: string | null; check_ids: string[] }>({
    name: "resolve-slugs",
    text: `SELECT t.place, coalesce(t.project_id, projects.id) AS project_id,
                  coalesce(array_agg(checks.id::text) FILTER (WHERE checks.id IS NOT NULL), '{}') AS check_ids
             FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) AS t (place, ping_key, project_id, slug)
             LEFT JOIN projects ON projects.ping_key = t.ping_key
             LEFT JOIN checks ON checks.project_id = coalesce(t.project_id, projects.id) AND checks.slug = t.slug
            GROUP BY 1, 2`,
    values: [
      distinct.map(placeKey),
      distinct.map(({ pingKey }) => pingKey),
      distinct.map(({ projectId }) => projectId),
      distinct.map(({ slug }) => slug),
    ],
  });
  const rows = new Map(found.rows.map((row) => [row.place, row]));
  return new Map(
    distinct.map((place) => {
      const row = rows.get(placeKey(place));
      const pair = { ...place, projectId: row?.project_id ?? null, checkIds: row?.check_ids ?? [], createdBy: null };
      return [placeKey(place), pair];
    }),
  );
}

/** The pairs to be made, each with the position of the signal that asked first. */
function wanted(asked: Asked[], pairs: Map<string, Pair>): Map<Pair, number> {
  const first = new Map<Pair, number>();
  for (const one of asked) {
    const pair = one.create && !one.isRefused ? pairs.get(placeKey(one)) : undefined;
    if (pair?.projectId && pair.checkIds.length === 0 && !first.has(pair)) first.set(pair, one.index);
  }
  return first;
}

async function provision(tx: Db, asked: Asked[], pairs: Map<string, Pair>): Promise<void> {
  const first = wanted(asked, pairs);
  if (first.size === 0) return;
  // Slugs are not unique, so a lock stands in for the constraint. Sorted, so that two batches cannot wait for each other.
  const missing = [...first.keys()].sort((a, b) => (checkKey(a) < checkKey(b) ? -1 : 1));
  for (const pair of missing) await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [checkKey(pair)]);
  const fresh = await lookUp(tx, missing);
  const made = new Map<string, string>();
  for (const pair of missing) {
    const twin = made.get(checkKey(pair));
    pair.checkIds = twin === undefined ? (fresh.get(placeKey(pair))?.checkIds ?? []) : [twin];
    if (pair.checkIds.length > 0) continue;
    pair.checkIds = [await insertNamed(tx, pair)];
    pair.createdBy = first.get(pair) ?? null;
    made.set(checkKey(pair), pair.checkIds[0] ?? "");
  }
}

/** The same check can be asked for by a ping key and by an API key: this names it however it was asked for. */
const checkKey = ({ projectId, slug }: Pair): string => `${projectId}/${slug}`;

async function insertNamed(tx: Db, { projectId, slug }: Pair): Promise<string> {
  if (projectId === null) throw new Error("only pairs of a known project are made");
  const id = await insertCheck(tx, projectId, { ...DEFAULT_CHECK, name: slug, slug });
  await assignAllChannels(tx, projectId, id);
  return id;
}
