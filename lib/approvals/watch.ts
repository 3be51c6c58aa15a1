import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";
import { toApproval } from "./present";
import type { Approval } from "./schema";
import { APPROVAL_COLUMNS, type ApprovalRowStored } from "./store/rows";

/** How often the database is asked, however many wait. */
const ROUND_MS = 50;

type Waiter = (decided: Approval | null) => void;
export type Patience = { ms: number; signal: AbortSignal };

/** Those of these approvals that are decided, whoever's they are. */
async function askDecided(ids: string[]): Promise<Approval[]> {
  const { rows } = await pool().query<ApprovalRowStored>({
    name: "decided-approvals",
    text: `SELECT ${APPROVAL_COLUMNS} FROM approvals a WHERE a.id = ANY ($1) AND a.status <> 'pending'`,
    values: [ids],
  });
  return rows.map(toApproval);
}

/**
 * Everybody in this process who waits for a decision. However many there are, the database is asked once a round which of
 * their approvals are decided, and all who wait for one are given the same answer. Nothing is asked while nobody waits.
 */
export class DecisionWatch {
  readonly #waiting = new Map<string, Set<Waiter>>();
  #timer: NodeJS.Timeout | null = null;
  #isAsking = false;
  #isFailing = false;
  #isStopped = false;

  get waiting(): number {
    return [...this.#waiting.values()].reduce((sum, waiters) => sum + waiters.size, 0);
  }

  /** The approval once it is decided; null when patience ends before, or this process does. */
  wait(id: string, { ms, signal }: Patience): Promise<Approval | null> {
    return new Promise((resolve) => {
      if (this.#isStopped || signal.aborted) return resolve(null);
      const done: Waiter = (decided) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        this.#leave(id, done);
        resolve(decided);
      };
      const leave = (): void => done(null);
      const timer = setTimeout(leave, ms);
      signal.addEventListener("abort", leave, { once: true });
      const waiters = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiters.add(done));
      this.#schedule();
    });
  }

  /** Answers everybody, also those still to come: nobody is kept waiting by a process that ends. */
  stop(): void {
    this.#isStopped = true;
    for (const waiters of this.#waiting.values()) for (const done of waiters) done(null);
  }

  #leave(id: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(id);
    waiters?.delete(waiter);
    if (waiters?.size === 0) this.#waiting.delete(id);
    if (this.#waiting.size > 0 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #schedule(): void {
    if (this.#timer !== null || this.#isAsking || this.#waiting.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#round();
    }, ROUND_MS);
  }

  async #round(): Promise<void> {
    this.#isAsking = true;
    try {
      for (const approval of await askDecided([...this.#waiting.keys()])) {
        for (const done of this.#waiting.get(approval.approval_id) ?? []) done(approval);
      }
      this.#isFailing = false;
    } catch (error) {
      // Once, and not twenty times a second for as long as the database is away.
      if (!this.#isFailing) log.warn({ err: error }, "could not ask for decisions");
      this.#isFailing = true;
    } finally {
      this.#isAsking = false;
      this.#schedule();
    }
  }
}

// Routes are in Next's bundles and beside the front door; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailDecisions?: DecisionWatch };

/** The one watch of this process. */
export function theDecisionWatch(): DecisionWatch {
  shared.pulsetrailDecisions ??= new DecisionWatch();
  return shared.pulsetrailDecisions;
}
