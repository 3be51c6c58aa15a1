import { nextOccurrence, type Schedule } from "@/lib/checks/schedule/schedule";
import type { SignalKind } from "@/lib/ingest/signal";

/** Something that happens to a demonstration check. `at` is epoch milliseconds. */
export type Moment = {
  at: number;
  kind: SignalKind | "pause";
  exitStatus?: number;
  rid?: string;
  body?: string;
};

/** Moments in order, without an end: what lies before the present is history, the rest is still to come. */
export type Timeline<M extends { at: number } = Moment> = Iterable<M>;

/** A number from 0 up to 1 that looks random and is always the same for the same input (the finalizer of MurmurHash3). */
export function noise(input: number): number {
  let mixed = Math.imul(input ^ (input >>> 16), 0x85_eb_ca_6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2_b2_ae_35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}

/** Every moment of a schedule from `from` on. */
export function* occurrences(schedule: Schedule, from: number): Iterable<number> {
  for (let at = nextOccurrence(schedule, from); at !== null; at = nextOccurrence(schedule, at)) yield at;
}

/** What `tell` says of each time, in order and in whole milliseconds. What it says of one must come before the next. */
export function* unfold<M extends { at: number }>(
  times: Iterable<number>,
  tell: (at: number, index: number) => M[],
): Timeline<M> {
  let index = 0;
  for (const at of times) {
    for (const moment of tell(at, index)) yield { ...moment, at: Math.round(moment.at) };
    index += 1;
  }
}

/** A timeline without what falls into the given spans: the job was not running. */
export function* without(timeline: Timeline, spans: { from: number; to: number }[]): Timeline {
  for (const moment of timeline) {
    if (!spans.some(({ from, to }) => moment.at >= from && moment.at < to)) yield moment;
  }
}

/** A timeline that ends before `end`. */
export function* until(timeline: Timeline, end: number): Timeline {
  for (const moment of timeline) {
    if (moment.at >= end) return;
    yield moment;
  }
}

/** What of a timeline has happened by `now` (epoch milliseconds), and the rest, which can be gone through once. */
export function divide<M extends { at: number }>(timeline: Timeline<M>, now: number): { past: M[]; rest: Iterable<M> } {
  const moments = timeline[Symbol.iterator]();
  const past: M[] = [];
  let step = moments.next();
  for (; step.done !== true && step.value.at <= now; step = moments.next()) past.push(step.value);
  return { past, rest: going(step, moments) };
}

function* going<M>(first: IteratorResult<M>, moments: Iterator<M>): Iterable<M> {
  for (let step = first; step.done !== true; step = moments.next()) yield step.value;
}
