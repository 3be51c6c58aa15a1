import type { Db } from "@/lib/db/pool";
import { resolveKeys } from "./resolve-keys";
import { resolveSlugs } from "./resolve-slugs";
import type { Resolved } from "./resolved";
import type { Signal } from "./signal";

/** Finds the check of every signal, making those that are asked for: exactly one, however many ask at once. */
export async function resolve(tx: Db, signals: Signal[]): Promise<Resolved[]> {
  const isPlain = signals.every(({ target }) => target.by === "uuid");
  if (isPlain) return signals.map(byUuid);
  const keyed = await resolveKeys(tx, signals);
  const slugs = await resolveSlugs(tx, signals, keyed);
  return signals.map((signal, index) => slugs.get(index) ?? keyed.found.get(index) ?? byUuid(signal));
}

function byUuid({ target }: Signal): Resolved {
  return target.by === "uuid" ? { checkId: target.uuid, created: false } : { is: "not_found" };
}
