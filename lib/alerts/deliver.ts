import { setTimeout as pause } from "node:timers/promises";
import { log } from "@/lib/log";
import { deliver } from "./attempt";
import { claim } from "./outbox";

/** Sixteen sends at once in all; those of failing channels, which may hang, have places of their own. */
const LANES = [
  { failing: false, places: 12 },
  { failing: true, places: 4 },
];

/** How soon a delivery that falls due is noticed, in milliseconds. */
const LOOK_MS = 250;

type Run = { limit: number; signal: AbortSignal; take: typeof claim; stays: boolean };
type Lane = (typeof LANES)[number] & {
  sending: Set<Promise<void>>;
  /** When it is worth asking again, as a `performance.now()` value. */
  askAt: number;
};

/**
 * Sends what is due, at most `limit`, and resolves to the number of attempts when all of them have ended. After
 * `signal` it starts nothing more but finishes what it has begun (15 s at most). Throws when the database is away.
 */
export function deliverDue({
  limit,
  signal = new AbortController().signal,
}: {
  limit: number;
  signal?: AbortSignal;
}): Promise<number> {
  return serve({ limit, signal, take: claim, stays: false });
}

/** Sends whatever falls due until `signal`; resolves when everything begun has ended. Outlives a database that is away. */
export async function deliverUntil(signal: AbortSignal): Promise<void> {
  const take: typeof claim = async (...what) => {
    try {
      return await claim(...what);
    } catch (error) {
      log.error({ err: error }, "deliveries cannot be claimed");
      return [];
    }
  };
  await serve({ limit: Number.POSITIVE_INFINITY, signal, take, stays: true });
}

async function serve(run: Run): Promise<number> {
  const lanes = LANES.map((lane) => ({ ...lane, sending: new Set<Promise<void>>(), askAt: 0 }));
  const sending = () => lanes.flatMap((lane) => [...lane.sending]);
  let started = 0;
  try {
    while (!run.signal.aborted && started < run.limit) {
      const underWay = sending().length;
      const found = await fill(lanes, run, run.limit - started);
      started += found;
      // What ended meanwhile may have held up what comes after it.
      if (found > 0 || sending().length < underWay) continue;
      if (sending().length === 0 && !run.stays) break;
      await change(sending(), run.signal);
    }
  } finally {
    await Promise.all(sending());
  }
  return started;
}

/** Starts deliveries in the free places of all lanes, at most `left`; gives how many. */
async function fill(lanes: Lane[], run: Run, left: number): Promise<number> {
  let found = 0;
  for (const lane of lanes) {
    const { failing, places, sending } = lane;
    const wanted = Math.min(places - sending.size, left - found);
    const isWorthIt = wanted > 0 && (!run.stays || performance.now() >= lane.askAt);
    const claimed = isWorthIt ? await run.take(wanted, failing) : [];
    // To find nothing among the failing ones, all that waits is looked at, however much that is.
    if (failing && isWorthIt && claimed.length === 0) lane.askAt = performance.now() + LOOK_MS;
    for (const delivery of claimed) {
      const one: Promise<void> = deliver(delivery).finally(() => sending.delete(one));
      sending.add(one);
    }
    found += claimed.length;
  }
  return found;
}

/** Waits until a send ends, or long enough that something new may be due. */
async function change(sending: Promise<void>[], signal: AbortSignal): Promise<void> {
  const changed = new AbortController();
  const look = pause(LOOK_MS, undefined, { signal: AbortSignal.any([signal, changed.signal]) }).catch(() => undefined);
  await Promise.race([...sending, look]);
  changed.abort();
}
