import { Memory } from "@/lib/core/memory";
import { textArray } from "@/lib/db/columns";
import type { Db } from "@/lib/db/pool";
import type { LoadedWorkflow } from "@/lib/workflows/loaded";

/** Names of a workflow that get a number of their own; all others share the one after. */
export const MAX_STAGES = 1000;
const MAX_REMEMBERED = 1000;

/** The numbers that the database has, by workflow: none ever changes. */
const remembered = new Memory<ReadonlyMap<string, number>>(MAX_REMEMBERED);

const keyOf = ({ projectId, id, madeAt }: LoadedWorkflow): string => `${projectId}/${id}/${madeAt}`;

async function load(tx: Db, { projectId, id }: LoadedWorkflow): Promise<ReadonlyMap<string, number>> {
  const { rows } = await tx.query<{ name: string; number: number }>({
    name: "trace-stages",
    text: "SELECT name, number FROM trace_stages WHERE project_id = $1 AND workflow_id = $2",
    values: [projectId, id],
  });
  return new Map(rows.map(({ name, number }) => [name, number]));
}

const knowsAll = (numbers: ReadonlyMap<string, number>, names: ReadonlySet<string>): boolean =>
  numbers.size >= MAX_STAGES || [...names].every((name) => numbers.has(name));

/** The numbers of names that a locked workflow has; what it learns is remembered once it has been read from the database. */
async function known(
  tx: Db,
  workflow: LoadedWorkflow,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const before = remembered.get(keyOf(workflow));
  if (before !== undefined && knowsAll(before, names)) return before;
  const numbers = await load(tx, workflow);
  remembered.set(keyOf(workflow), numbers);
  return numbers;
}

/** Which stage each name is in a workflow, and those names that are new to it. */
export class StageNumbers {
  readonly #numbers: Map<string, number>;
  readonly #workflow: LoadedWorkflow;
  readonly #fresh: string[] = [];

  private constructor(workflow: LoadedWorkflow, numbers: ReadonlyMap<string, number>) {
    this.#workflow = workflow;
    this.#numbers = new Map(numbers);
  }

  /** Of a locked workflow, for steps of these names. */
  static async of(tx: Db, workflow: LoadedWorkflow, names: ReadonlySet<string>): Promise<StageNumbers> {
    return new StageNumbers(workflow, await known(tx, workflow, names));
  }

  /** The number of a name: the next one when it is new. */
  numberOf(name: string): number {
    const number = this.#numbers.get(name);
    if (number !== undefined) return number;
    const next = this.#numbers.size + 1;
    if (next > MAX_STAGES) return MAX_STAGES + 1;
    this.#numbers.set(name, next);
    this.#fresh.push(name);
    return next;
  }

  /** Stores what is new. Sends at most one statement. */
  async save(tx: Db): Promise<void> {
    if (this.#fresh.length === 0) return;
    const { projectId, id } = this.#workflow;
    const first = this.#numbers.size - this.#fresh.length + 1;
    await tx.query({
      name: "save-trace-stages",
      text: `INSERT INTO trace_stages (project_id, workflow_id, name, number)
             SELECT $1, $2, name, $4 + place::int - 1 FROM unnest($3::text[]) WITH ORDINALITY AS s (name, place)`,
      values: [projectId, id, textArray(this.#fresh), first],
    });
  }
}
