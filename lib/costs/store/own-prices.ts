import { Memory } from "@/lib/core/memory";
import { NO_OWN_PRICES, type OwnRates, ownRates } from "@/lib/costs/own-prices";
import type { OwnPrices } from "@/lib/costs/price-schema";
import { plainArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";

/** What is stored of a project; null where it has none. Only `lib/costs/price-commands` writes it. */
export const readOwnPrices = (stored: unknown): OwnPrices => (stored as OwnPrices | null) ?? []; // as it was written

/** What is remembered of a project, and when it was asked, by the clock of this process. */
type Known = { rates: OwnRates; askedAt: number };

/** For so long another process may count with a price that has been changed. */
const FRESH_MS = 10_000;
const MAX_REMEMBERED = 20_000;

// The door that takes signals and the routes that change prices are separate module graphs in one process.
const shared = globalThis as typeof globalThis & { pulsetrailOwnPrices?: Remembered };

/** `changes` counts what was forgotten: what was asked for before may be what was changed. */
type Remembered = { known: Memory<Known>; changes: number };

function memory(): Remembered {
  shared.pulsetrailOwnPrices ??= { known: new Memory(MAX_REMEMBERED), changes: 0 };
  return shared.pulsetrailOwnPrices;
}

type OwnPricesById = Map<string, OwnRates>;

/** Asks the database what projects pay, and remembers it. */
async function load(db: Db, projectIds: string[]): Promise<OwnPricesById> {
  const askedAt = performance.now();
  const { changes } = memory();
  const { rows } = await db.query<{ id: string; prices: unknown }>({
    name: "own-prices",
    text: "SELECT id, model_prices AS prices FROM projects WHERE id = ANY ($1::uuid[])",
    values: [plainArray(projectIds)],
  });
  const loaded: OwnPricesById = new Map(rows.map(({ id, prices }) => [id, ownRates(readOwnPrices(prices))]));
  if (memory().changes === changes) for (const [id, rates] of loaded) memory().known.set(id, { rates, askedAt });
  return loaded;
}

/** What is remembered of a project, unless it is too old. */
function fresh(projectId: string): OwnRates | null {
  const known = memory().known.get(projectId);
  return known === undefined || performance.now() - known.askedAt > FRESH_MS ? null : known.rates;
}

/** What each project pays, of those that were asked for. */
export type OwnPricesBy = (projectId: string) => OwnRates;

/**
 * What projects pay, not older than ten seconds. Asks the database for those that it was not asked for in that time, and for
 * none as a rule.
 */
export async function ownPricesOf(db: Db, projectIds: readonly string[]): Promise<OwnPricesBy> {
  const known: OwnPricesById = new Map();
  const stale = new Set<string>();
  for (const id of projectIds) {
    const rates = known.get(id) ?? fresh(id);
    if (rates === null) stale.add(id);
    else known.set(id, rates);
  }
  const loaded: OwnPricesById = stale.size === 0 ? new Map() : await load(db, [...stale]);
  return (projectId) => known.get(projectId) ?? loaded.get(projectId) ?? NO_OWN_PRICES;
}

/** Forgets what a project pays, because it has been changed. */
export function forgetOwnPrices(projectId: string): void {
  const remembered = memory();
  remembered.known.delete(projectId);
  remembered.changes += 1;
}
