import type { Db } from "@/lib/db/pool";
import { checksOfTokens, lookUp, type Place, placeKey } from "./look-up";
import { type Asked, type Pair, provision } from "./provision";
import type { Resolved } from "./resolved";
import type { Signal, Target } from "./signal";

const NOT_FOUND: Resolved = { is: "not_found" };
const FORBIDDEN: Resolved = { is: "forbidden" };

const isPlace = (target: Target): target is Place => target.by === "slug" || target.by === "key";

/** Finds the check of every signal in one round trip, making those that are asked for: exactly one, however many ask at once. */
export async function resolve(tx: Db, signals: Signal[]): Promise<Resolved[]> {
  const targets = signals.map(({ target }) => target);
  if (targets.every(({ by }) => by === "uuid")) return targets.map(byUuid);
  const asked = signals.flatMap(({ target, refusal }, index): Asked[] =>
    isPlace(target) ? [{ index, place: target, isRefused: refusal !== null }] : [],
  );
  // Both leave together, with what begins the transaction.
  const [tokens, found] = await Promise.all([
    checksOfTokens(
      tx,
      targets.flatMap((target) => (target.by === "token" ? [target.token] : [])),
    ),
    lookUp(
      tx,
      asked.map(({ place }) => place),
    ),
  ]);
  const pairs = new Map([...found].map(([key, one]): [string, Pair] => [key, { ...one, createdBy: null }]));
  await provision(tx, asked, pairs);
  const places = new Map(asked.map((one) => [one.index, settleFor(pairs.get(placeKey(one.place)), one)]));
  return targets.map((target, index) => {
    if (target.by === "token") return checkOr(tokens.get(target.token));
    return places.get(index) ?? byUuid(target);
  });
}

function byUuid(target: Target): Resolved {
  return target.by === "uuid" ? { checkId: target.uuid, created: false } : NOT_FOUND;
}

function checkOr(checkId: string | undefined): Resolved {
  return checkId === undefined ? NOT_FOUND : { checkId, created: false };
}

/** With who holds the key, where the signal brings settings. */
function settleFor(pair: Pair | undefined, asked: Asked): Resolved {
  const where = settle(pair, asked);
  const bringsSettings = asked.place.by === "key" && asked.place.config !== undefined;
  return bringsSettings && pair !== undefined && "checkId" in where ? { ...where, actor: pair.actor } : where;
}

function settle(pair: Pair | undefined, asked: Asked): Resolved {
  if (pair === undefined || pair.projectId === null)
    return asked.place.by === "slug" ? NOT_FOUND : { is: "unauthenticated" };
  if (!pair.mayPing) return FORBIDDEN;
  if (pair.named === null) return bySlug(pair, asked);
  return pair.named.projectId === pair.projectId ? checkOr(pair.named.id) : FORBIDDEN;
}

function bySlug({ slugged, createdBy, isForeign }: Pair, { index, place, isRefused }: Asked): Resolved {
  const [checkId, second] = slugged;
  if (second !== undefined) return { is: "ambiguous" };
  const existed = createdBy === null || index >= createdBy;
  if (checkId !== undefined && existed) return { checkId, created: createdBy === index };
  if (isForeign) return FORBIDDEN;
  // A project that exists, asked to make a check by a request that is wrong in another way, makes none.
  return place.create && isRefused ? { is: "refused" } : NOT_FOUND;
}
