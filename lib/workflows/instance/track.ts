import { Branches } from "./branches";
import type { TrackStep } from "./columns";
import { StageTally } from "./stages";

/** A step with its number and when its bar begins, in epoch milliseconds. */
export type TrackRow = TrackStep & { step: number; start: number };

type Origin = { startedAt: number; copied: number };

/** How long a step took: in a fork the first ones after what was `copied` did not begin before the fork did. In milliseconds. */
export const tookMs = ({ step, start, at }: TrackRow, { startedAt, copied }: Origin): number =>
  at - (copied > 0 && step >= copied ? Math.min(at, Math.max(start, startedAt)) : start);

/** The steps of an instance as far as they are known, which only ever grow: rows are never made anew. */
export class Track {
  readonly #branches: Branches;
  readonly #tally = new StageTally();
  readonly #rows: TrackRow[] = [];
  /** When the newest path that had not come before arrived. */
  #progressAt: number;
  readonly #paths = new Set<string>();

  /** When the instance began, in epoch milliseconds. */
  constructor(startedAt: number) {
    this.#branches = new Branches(startedAt);
    this.#progressAt = startedAt;
  }

  /**
   * Takes steps from number `first` on, without those it has. False when some before them are missing, and then it takes
   * none.
   */
  append(first: number, steps: readonly TrackStep[]): boolean {
    if (first > this.#rows.length) return false;
    for (const step of steps.slice(this.#rows.length - first)) this.#take(step);
    return true;
  }

  #take(step: TrackStep): void {
    const number = this.#rows.length;
    this.#tally.take(step, number);
    this.#rows.push({ ...step, step: number, start: this.#branches.take(step.path, step.at) });
    if (!this.#paths.has(step.path)) this.#progressAt = step.at;
    this.#paths.add(step.path);
  }

  get rows(): readonly TrackRow[] {
    return this.#rows;
  }

  get stages() {
    return this.#tally.stages;
  }

  /** When it last got a stage it did not have, in epoch milliseconds. */
  get progressAt(): number {
    return this.#progressAt;
  }
}
