import { auditAs } from "@/lib/auth/audit";
import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { assignAllChannels, insertCheck } from "@/lib/checks/store/insert";
import type { Db } from "@/lib/db/pool";
import { type Found, lookUp, nameOf, type Place, placeKey } from "./look-up";

/** What a signal asks for, by its position. A signal that is wrong in another way makes nothing. */
export type Asked = { index: number; place: Place; isRefused: boolean };

/** What there is at a place once every check that is asked for has been made, and by which signal. */
export type Pair = Found & { createdBy: number | null };

type Missing = Pair & { projectId: string; asked: Asked };

/** The places at which a check is to be made, each with the signal that asked first. */
function wanted(asked: Asked[], pairs: Map<string, Pair>): Missing[] {
  const first = new Map<Pair, Missing>();
  for (const one of asked) {
    const pair = one.place.create && !one.isRefused ? pairs.get(placeKey(one.place)) : undefined;
    if (pair === undefined || first.has(pair) || !isFree(pair)) continue;
    first.set(pair, { ...pair, asked: one });
  }
  return [...first.values()];
}

const isFree = (pair: Pair): pair is Pair & { projectId: string } =>
  pair.projectId !== null && pair.mayPing && pair.named === null && pair.slugged.length === 0 && !pair.isForeign;

/** The same check can be asked for by a ping key and by an API key: this names it however it was asked for. */
const checkKey = ({ projectId, asked }: Missing): string => `${projectId}/${nameOf(asked.place)}`;

/** Makes the checks that signals ask for and that do not exist: exactly one, however many ask at once. */
export async function provision(tx: Db, asked: Asked[], pairs: Map<string, Pair>): Promise<void> {
  // Slugs are not unique, so a lock stands in for the constraint. Sorted, so that two batches cannot wait for each other.
  const missing = wanted(asked, pairs).sort((a, b) => (checkKey(a) < checkKey(b) ? -1 : 1));
  if (missing.length === 0) return;
  for (const one of missing) await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [checkKey(one)]);
  const places = missing.map((one) => one.asked.place);
  const fresh = await lookUp(tx, places);
  const made = new Map<string, string>();
  for (const one of missing) {
    const [key, known] = [placeKey(one.asked.place), made.get(checkKey(one))];
    // Who had the lock before may have made it, also as a process hook of that name.
    const { named = null, slugged = [] } = known === undefined ? (fresh.get(key) ?? {}) : { slugged: [known] };
    if (named !== null || slugged.length > 0) {
      pairs.set(key, { ...one, named, slugged });
      continue;
    }
    const id = await insertNamed(tx, one);
    pairs.set(key, { ...one, slugged: [id], createdBy: one.asked.index });
    made.set(checkKey(one), id);
  }
}

async function insertNamed(tx: Db, { projectId, actor, asked: { place } }: Missing): Promise<string> {
  const slug = nameOf(place);
  const config = place.by === "key" ? place.config : undefined;
  const settings = config !== undefined && "whenNew" in config ? config.whenNew : {};
  const id = await insertCheck(tx, projectId, { ...DEFAULT_CHECK, name: slug, slug, ...settings });
  await assignAllChannels(tx, projectId, id);
  await auditAs(tx, actor, { action: "check.create", subjectId: id, projectId });
  return id;
}
