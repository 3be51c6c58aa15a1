import { seal, unseal } from "@/lib/auth/sealed";
import { AppError } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import type { Status } from "@/lib/workflows/state";
import type { Holder } from "./holders";
import type { StageSignal } from "./stage-signal";

/** The answer to a stage that was taken; `isStopped`: a limit of its costs has stopped the instance with it. */
export type Accepted = { instanceId: string; status: Status; isStopped: boolean };

type Row = { project_id: string; route: string; key: string; request_hash: Buffer; response: Buffer | null };
type Placed = { signal: StageSignal; projectId: string; route: string; key: string; hash: Buffer };

/** Where the sealed answers live, so that they open nowhere else. */
const PLACE = "idempotency_keys.response";

/** What was answered under an `Idempotency-Key` before. */
type First = { hash: Buffer; answer: Accepted };

function toFirst({ project_id, route, key, request_hash: hash, response }: Row): [string, First][] {
  if (response === null) return [];
  const answer = unseal(response, PLACE) as Accepted; // as `save` wrote it
  return [[idOf(project_id, route, key), { hash, answer }]];
}

const idOf = (projectId: string, route: string, key: string): string => JSON.stringify([projectId, route, key]);

function placeOf(signal: StageSignal, holders: Map<string, Holder>): Placed | null {
  const holder = holders.get(signal.key);
  if (signal.once === null || holder === undefined) return null;
  const { projectId, actor } = holder;
  const route = `${actor} /${signal.kind === "static" ? "shk" : "dhk"}/${signal.workflowId}`;
  return { signal, projectId, route, ...signal.once };
}

/**
 * The answers that signals with an `Idempotency-Key` got the first time (public contract §2). They are read and written
 * while the workflow is locked, in the transaction of the step, so that a signal that is sent again, also after a crash,
 * makes no second step.
 */
export class FirstAnswers {
  readonly #first: Map<string, First>;
  readonly #holders: Map<string, Holder>;
  readonly #fresh: { placed: Placed; answer: Accepted }[] = [];

  private constructor(first: Map<string, First>, holders: Map<string, Holder>) {
    this.#first = first;
    this.#holders = holders;
  }

  static async load(tx: Db, signals: StageSignal[], holders: Map<string, Holder>): Promise<FirstAnswers> {
    const placed = signals.flatMap((signal) => placeOf(signal, holders) ?? []);
    if (placed.length === 0) return new FirstAnswers(new Map(), holders);
    const found = await tx.query<Row>({
      name: "first-answers",
      text: `SELECT k.project_id, k.route, k.key, k.request_hash, k.response
               FROM unnest($1::uuid[], $2::text[], $3::text[]) AS a (project_id, route, key)
               JOIN idempotency_keys k USING (project_id, route, key) WHERE k.created_at > now() - interval '24 hours'`,
      values: [placed.map((one) => one.projectId), placed.map((one) => one.route), placed.map((one) => one.key)],
    });
    const first = found.rows.flatMap(toFirst);
    return new FirstAnswers(new Map(first), holders);
  }

  /** The first answer to this signal; null when it is the first, a failure when its key was used for another request. */
  find(signal: StageSignal): Accepted | AppError | null {
    const placed = placeOf(signal, this.#holders);
    const first = placed && this.#first.get(idOf(placed.projectId, placed.route, placed.key));
    if (!placed || !first) return null;
    if (first.hash.equals(placed.hash)) return first.answer;
    return new AppError("idempotency_conflict", "This Idempotency-Key was used with another request.");
  }

  /** Notes the first answer to a signal. */
  note(signal: StageSignal, answer: Accepted): void {
    const placed = placeOf(signal, this.#holders);
    if (placed === null) return;
    this.#first.set(idOf(placed.projectId, placed.route, placed.key), { hash: placed.hash, answer });
    this.#fresh.push({ placed, answer });
  }

  async save(tx: Db): Promise<void> {
    if (this.#fresh.length === 0) return;
    await tx.query({
      name: "save-first-answers",
      text: `INSERT INTO idempotency_keys (project_id, route, key, request_hash, status, response)
             SELECT project_id, route, key, hash, 200, response
               FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[]) AS a (project_id, route, key, hash, response)
             ON CONFLICT (project_id, route, key)
               DO UPDATE SET request_hash = excluded.request_hash, response = excluded.response, status = 200, created_at = now()`,
      values: [
        this.#fresh.map(({ placed }) => placed.projectId),
        this.#fresh.map(({ placed }) => placed.route),
        this.#fresh.map(({ placed }) => placed.key),
        this.#fresh.map(({ placed }) => placed.hash),
        this.#fresh.map(({ answer }) => Buffer.from(seal(answer, PLACE))),
      ],
    });
  }
}
