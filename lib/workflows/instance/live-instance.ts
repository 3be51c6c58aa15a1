import { fromColumns, type StepColumns, type TrackStep } from "./columns";
import { type InstanceNow, isOver } from "./schema";
import { Track } from "./track";

/** How news comes: by the stream of events, by asking now and then, or not at present. */
export type Link = "none" | "live" | "lost" | "asking";

/** What is known at one moment; another object after each change, though its track is always the same one. */
export type Seen = { now: InstanceNow; track: Track; link: Link };

/** An instance as a page that stays open knows it. News may come twice, late, and from more than one side. */
export class LiveInstance {
  #seen: Seen;
  readonly #listeners = new Set<() => void>();

  constructor(now: InstanceNow, steps: StepColumns) {
    const track = new Track(Date.parse(now.started_at));
    track.append(steps.first, fromColumns(steps));
    this.#seen = { now, track, link: "none" };
  }

  readonly seen = (): Seen => this.#seen;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes steps from number `first` on; false when some before them are missing. */
  append(first: number, steps: readonly TrackStep[]): boolean {
    const { track } = this.#seen;
    const before = track.rows.length;
    const isNext = track.append(first, steps);
    if (track.rows.length > before) this.#change({});
    return isNext;
  }

  /** Takes how it fares, unless something later is known. */
  update(now: InstanceNow): void {
    const known = this.#seen.now;
    const isOlder = now.total_steps < known.total_steps || (isOver(known.status) && !isOver(now.status));
    if (!isOlder && JSON.stringify(now) !== JSON.stringify(known)) this.#change({ now });
  }

  setLink(link: Link): void {
    if (link !== this.#seen.link) this.#change({ link });
  }

  /** Whether steps are missing that are known to be there. */
  get lacksSteps(): boolean {
    return this.#seen.track.rows.length < this.#seen.now.total_steps;
  }

  #change(part: Partial<Seen>): void {
    this.#seen = { ...this.#seen, ...part };
    for (const listener of this.#listeners) listener();
  }
}
