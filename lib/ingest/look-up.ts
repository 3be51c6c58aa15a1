import { isUuid, sha256 } from "@/lib/core/ids";
import { plainArray, textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { Target } from "./signal";

/** A check by a name behind a key: a slug behind a ping key, or anything that a check can be called behind any key. */
export type Place = Extract<Target, { by: "slug" | "key" }>;

/** What there is at a place. */
export type Found = {
  /** The project of the key; null when the key is unknown. */
  projectId: string | null;
  mayPing: boolean;
  /** Who holds the key, for the audit log. */
  actor: string;
  /** The check that has the name as its uuid, or as its process hook id in the project of the key. */
  named: { id: string; projectId: string } | null;
  /** Otherwise those that have it as their slug; more than one cannot be told apart. */
  slugged: string[];
  /** Otherwise whether it is a process hook id that we made for another project. */
  isForeign: boolean;
};

type Row = {
  project_id: string | null;
  may_ping: boolean | null;
  actor: string | null;
  named: string | null;
  named_in: string | null;
  slugged: string[] | null;
  is_foreign: boolean;
};

const NOTHING: Found = { projectId: null, mayPing: false, actor: "", named: null, slugged: [], isForeign: false };
/** Process hook ids as the database makes them. Others come from elsewhere and may exist in several projects. */
const OUR_HOOK = /^ph[0-9a-f]{20}$/;

/** Whose key `a.key` is, with `a.hash` its hash: a project's ping key, or an API key, which may lack the scope `ping`. */
export const HOLDER = `(
    SELECT id AS project_id, true AS may_ping, 'ping-key' AS actor FROM projects WHERE ping_key = a.key
     UNION ALL
    SELECT project_id, scopes && '{ping,write}'::scope[], 'key:' || id FROM api_keys
     WHERE api_keys.hash = a.hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
     LIMIT 1) AS holder`;

export const nameOf = (place: Place): string => (place.by === "slug" ? place.slug : place.name);

/** Names a place among those of a batch. */
export function placeKey(place: Place): string {
  return place.by === "slug" ? `slug ${place.pingKey}/${place.slug}` : `key ${place.key}/${place.name}`;
}

/** Keys and places as columns. A ping key alone finds slugs alone; other keys find uuids and process hook ids as well. */
function columnsOf(places: Place[]): unknown[] {
  const names = places.map(nameOf);
  // Many signals of a batch share one key.
  const hashes = new Map<string, Buffer>();
  const hashOf = (key: string): Buffer => {
    const hash = hashes.get(key) ?? sha256(key);
    hashes.set(key, hash);
    return hash;
  };
  const isSlug = places.map(({ by }) => by === "slug");
  const uuids = names.map((name, at) => (!isSlug[at] && isUuid(name) ? name : null));
  return [
    places.map((place) => (place.by === "slug" ? place.pingKey : place.key)),
    places.map((place) => (place.by === "slug" ? null : hashOf(place.key))),
    names,
    plainArray(uuids),
    textArray(names.map((name, at) => (isSlug[at] || uuids[at] !== null ? null : name))),
    plainArray(names.map((name, at) => (!isSlug[at] && OUR_HOOK.test(name) ? name : null))),
  ];
}

/** Everything that is known of these places, in one statement. A key may send signals when it has the scope, which `write` implies. */
export async function lookUp(tx: Db, places: Place[]): Promise<Map<string, Found>> {
  const distinct = new Map(places.map((place) => [placeKey(place), place]));
  if (distinct.size === 0) return new Map();
  const found = await tx.query<Row>({
    name: "look-up-places",
    text: `SELECT holder.project_id, holder.may_ping, holder.actor, named.id AS named, named.project_id AS named_in,
                  slugged.ids AS slugged,
                  named.id IS NULL AND slugged.ids IS NULL AND a.our_hook IS NOT NULL AND EXISTS (SELECT FROM checks WHERE process_hook_id = a.our_hook) AS is_foreign
             FROM unnest($1::text[], $2::bytea[], $3::text[], $4::uuid[], $5::text[], $6::text[]) WITH ORDINALITY
                    AS a (key, hash, name, uuid, hook, our_hook, place)
             LEFT JOIN LATERAL ${HOLDER} ON true
             LEFT JOIN LATERAL (
                    SELECT id, project_id FROM checks WHERE id = a.uuid
                     UNION ALL
                    SELECT id, project_id FROM checks WHERE process_hook_id = a.hook AND project_id = holder.project_id
                     LIMIT 1) AS named ON true
             LEFT JOIN LATERAL (
                    SELECT array_agg(id::text) AS ids
                      FROM (SELECT id FROM checks
                             WHERE project_id = holder.project_id AND slug = a.name AND named.id IS NULL LIMIT 2) AS few) AS slugged ON true
            ORDER BY a.place`,
    values: columnsOf([...distinct.values()]),
  });
  return new Map([...distinct.keys()].map((key, at) => [key, toFound(found.rows[at])]));
}

function toFound(row: Row | undefined): Found {
  if (row === undefined || row.project_id === null) return NOTHING;
  const { named, named_in: namedIn } = row;
  return {
    projectId: row.project_id,
    mayPing: row.may_ping === true,
    actor: row.actor ?? "",
    named: named === null || namedIn === null ? null : { id: named, projectId: namedIn },
    slugged: row.slugged ?? [],
    isForeign: row.is_foreign,
  };
}

/** The checks behind heartbeat tokens. */
export async function checksOfTokens(tx: Db, tokens: string[]): Promise<Map<string, string>> {
  if (tokens.length === 0) return new Map();
  const found = await tx.query<{ heartbeat_token: string; id: string }>({
    name: "resolve-tokens",
    text: "SELECT heartbeat_token, id FROM checks WHERE heartbeat_token = ANY ($1::text[])",
    values: [tokens],
  });
  return new Map(found.rows.map((row) => [row.heartbeat_token, row.id]));
}
