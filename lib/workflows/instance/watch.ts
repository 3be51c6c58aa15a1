import { encodeEvent, HEARTBEAT, type Outlet } from "@/lib/core/event-stream";
import { MINUTE, SECOND } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";
import { type InstanceNow, isOver } from "./schema";
import { askForNews, loadSteps } from "./watch-rows";

/** How often the database is asked, however many watch. */
const ROUND_MS = 500;
const HEARTBEAT_MS = 15 * SECOND;
/** Steps that are read, and sent, at once. */
const STEPS_AT_ONCE = 500;
/** A viewer whose connection took nothing for so long is gone or too slow. */
const STUCK_MS = 30 * SECOND;
/** A stream ends after so long and the viewer comes back: with a session or key that may not be good any more. */
const MAX_LIFE_MS = 10 * MINUTE;

type Viewer = {
  outlet: Outlet;
  /** The number of the next step it is to get. */
  next: number;
  /** What it was told of the instance. */
  mark: string;
  fullSince: number | null;
  endsAt: number;
};

type Watched = { projectId: string; id: string; mark: string; now: InstanceNow | null; viewers: Set<Viewer> };

/**
 * Everybody in this process who watches instances. However many there are, the database is asked on one connection at a
 * time: once a round which instances have news, then once for the new steps of each, and all its viewers are handed the
 * same bytes. Nothing is asked while nobody watches.
 */
export class Watch {
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;
  #isFailing = false;
  #isStopped = false;
  #beatAt = performance.now();

  get viewers(): number {
    return [...this.#watched.values()].reduce((sum, { viewers }) => sum + viewers.size, 0);
  }

  /**
   * Sends steps of an instance after number `after`, as they come, and how it fares: at first and at each change. Ends
   * when the instance has ended. Gives what to call when the viewer is gone.
   */
  join({ projectId, id, after }: { projectId: string; id: string; after: number }, outlet: Outlet): () => void {
    if (this.#isStopped) {
      outlet.end();
      return () => undefined;
    }
    const watched = this.#watched.get(id) ?? { projectId, id, mark: "", now: null, viewers: new Set() };
    this.#watched.set(id, watched);
    // Not all at once, or all would come back at once.
    const endsAt = performance.now() + MAX_LIFE_MS * (1 - Math.random() / 4);
    const viewer: Viewer = { outlet, next: after + 1, mark: "", fullSince: null, endsAt };
    watched.viewers.add(viewer);
    this.#schedule(0);
    return () => this.#leave(watched, viewer);
  }

  /** Ends every stream, also those still to come. */
  stop(): void {
    this.#isStopped = true;
    for (const watched of this.#watched.values()) for (const viewer of watched.viewers) this.#end(watched, viewer);
  }

  #leave(watched: Watched, viewer: Viewer): void {
    watched.viewers.delete(viewer);
    if (watched.viewers.size === 0 && this.#watched.get(watched.id) === watched) this.#watched.delete(watched.id);
    if (this.#watched.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #end(watched: Watched, viewer: Viewer): void {
    this.#leave(watched, viewer);
    viewer.outlet.end();
  }

  /** The first viewer is served at once, those that come while others watch with the next round. */
  #schedule(delayMs: number): void {
    if (this.#timer !== null || this.#isAsking || this.#watched.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#isAsking = true;
      const beganAt = performance.now();
      void this.#round()
        .then(
          (hasMore) => {
            this.#isFailing = false;
            return hasMore;
          },
          (error: unknown) => {
            // Once, and not twice a second for as long as the database is away.
            if (!this.#isFailing) log.warn({ err: error }, "could not look for news of instances");
            this.#isFailing = true;
            return false;
          },
        )
        .then((hasMore) => {
          this.#isAsking = false;
          this.#schedule(hasMore ? 0 : Math.max(0, ROUND_MS - (performance.now() - beganAt)));
        });
    }, delayMs);
  }

  /** True when some viewers are behind although they take more. */
  async #round(): Promise<boolean> {
    try {
      await this.#ask();
      const all = [...this.#watched.values()];
      for (const watched of all) await this.#sendSteps(watched);
      for (const watched of all) this.#tell(watched);
      return all.some((watched) => behind(watched).length > 0);
    } finally {
      // Streams have an end of life and a heartbeat also while the database is away.
      this.#look();
    }
  }

  async #ask(): Promise<void> {
    const known = [...this.#watched.values()].map(({ projectId, id, mark, now }) => ({
      projectId,
      id,
      mark,
      nSteps: now?.total_steps ?? 0,
    }));
    for (const { id, mark, now } of await askForNews(pool(), known)) {
      const watched = this.#watched.get(id);
      if (watched === undefined) continue;
      if (now !== null) Object.assign(watched, { mark, now });
      else for (const viewer of watched.viewers) this.#end(watched, viewer);
    }
  }

  /** The next steps for those who are behind; nearly always all are behind alike, and are given the same bytes. */
  async #sendSteps(watched: Watched): Promise<void> {
    const end = watched.now?.total_steps ?? 0;
    for (const first of new Set(behind(watched).map(({ next }) => next))) {
      const steps = await loadSteps(pool(), watched, { first, end, limit: STEPS_AT_ONCE });
      const next = steps.length < STEPS_AT_ONCE ? end : (steps.at(-1)?.step ?? 0) + 1;
      const chunk = encodeEvent({ event: "steps", data: { steps }, id: next - 1 });
      for (const viewer of behind(watched).filter((one) => one.next === first)) {
        if (steps.length > 0) viewer.outlet.write(chunk);
        viewer.next = next;
      }
    }
  }

  /** How the instance fares, to those who have all its steps and were told something else. */
  #tell(watched: Watched): void {
    const { now, mark } = watched;
    if (now === null) return;
    const chunk = encodeEvent({ event: "instance", data: now });
    for (const viewer of watched.viewers) {
      // Who asks for what comes after a step that is still to come gets what comes from now on.
      viewer.next = Math.min(viewer.next, now.total_steps);
      if (viewer.next < now.total_steps) continue;
      if (viewer.mark !== mark) viewer.outlet.write(chunk);
      viewer.mark = mark;
      if (isOver(now.status)) this.#end(watched, viewer);
    }
  }

  /** Heartbeats, and streams that have lasted too long. */
  #look(): void {
    const now = performance.now();
    const isBeat = now - this.#beatAt >= HEARTBEAT_MS;
    if (isBeat) this.#beatAt = now;
    for (const watched of this.#watched.values())
      for (const viewer of watched.viewers) this.#lookAt(watched, viewer, { now, isBeat });
  }

  #lookAt(watched: Watched, viewer: Viewer, { now, isBeat }: { now: number; isBeat: boolean }): void {
    if (now >= viewer.endsAt) this.#end(watched, viewer);
    else if (isStuck(viewer, now)) {
      this.#leave(watched, viewer);
      viewer.outlet.drop();
    } else if (isBeat && viewer.fullSince === null) viewer.outlet.write(HEARTBEAT);
  }
}

/** Whether its connection has taken nothing for too long; called again and again. */
function isStuck(viewer: Viewer, now: number): boolean {
  viewer.fullSince = viewer.outlet.hasRoom() ? null : (viewer.fullSince ?? now);
  return viewer.fullSince !== null && now - viewer.fullSince >= STUCK_MS;
}

/** Viewers who have not got every step and whose connection takes more. */
const behind = ({ now, viewers }: Watched): Viewer[] =>
  [...viewers].filter(({ next, outlet }) => next < (now?.total_steps ?? 0) && outlet.hasRoom());

// Routes are in Next's bundles, and the server that ends them is not; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailWatch?: Watch };

/** The one watch of this process. */
export function theWatch(): Watch {
  shared.pulsetrailWatch ??= new Watch();
  return shared.pulsetrailWatch;
}
