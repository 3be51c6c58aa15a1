import { afterAll, beforeAll } from "vitest";
import { pool } from "@/lib/db/pool";
import { type Door, openDoor } from "./door";
import { makeWorkflow, staticRules } from "./workflows";
import { makeWorld, type World } from "./world";

export type Told = { status: number; body: Record<string, unknown> };
type InstanceRow = { id: string; status: string; n_steps: number; seq: number; failure_reason: string | null };
type AlertRow = { type: string; message: string; resolved_at: Date | null };

/** A front door with a world behind it, for stages of workflows. */
class Stages {
  #opened: { door: Door; world: World } | null = null;

  async open(): Promise<void> {
    this.#opened = { door: await openDoor(), world: await makeWorld() };
  }

  async close(): Promise<void> {
    await this.#opened?.door.close();
  }

  get world(): World {
    if (this.#opened === null) throw new Error("the world is made before the tests");
    return this.#opened.world;
  }

  get origin(): string {
    if (this.#opened === null) throw new Error("the door opens before the tests");
    return this.#opened.door.url;
  }

  /** Status and object of an answer, asked with the key of the project. */
  async send(path: string, init?: RequestInit): Promise<Told> {
    const answer = await fetch(`${this.origin}${path}${path.includes("?") ? "&" : "?"}key=${this.world.key}`, init);
    return { status: answer.status, body: (await answer.json()) as Told["body"] }; // all answers are objects
  }

  /** The same, of JSON that is posted. */
  post(path: string, body: unknown): Promise<Told> {
    const headers = { "Content-Type": "application/json" };
    return this.send(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Reports stages of a new instance of a new dynamic workflow, with what each says besides. */
  async report(said: [path: string, body: object][]): Promise<{ workflow: string; id: string }> {
    const workflow = freshId();
    let id = "";
    for (const [index, [path, body]] of said.entries()) {
      const told = await this.post(`/dhk/${workflow}?stagePath=${path}${index === 0 ? "&start=yes" : ""}`, body);
      id = String(told.body["instance_id"]);
    }
    return { workflow, id };
  }

  /** One after the other. */
  async each(paths: string[]): Promise<Told[]> {
    const answers: Told[] = [];
    for (const path of paths) answers.push(await this.send(path));
    return answers;
  }

  /** A sample of the reference document with the host, a workflow's id and the key in their places. */
  filled(sample: string, id: string): string {
    return sample
      .replaceAll(/https:\/\/(?:pingpulsehq\.com|app\.pingpulse\.com)/g, this.origin)
      .replaceAll(/YOUR_WORKFLOW_ID|YOUR_ID|ml_pipeline|swf123|dwf_xxx/g, id)
      .replaceAll(/YOUR_KEY|your_api_key|API_KEY(?=&)/g, this.world.key);
  }

  strict(stages = 3): Promise<string> {
    return makeWorkflow(this.world.project.id, { rules: staticRules(stages, { mode: "strict" }) });
  }

  flexible(stages = 3): Promise<string> {
    return makeWorkflow(this.world.project.id, { rules: staticRules(stages) });
  }

  async instances(workflowId: string): Promise<InstanceRow[]> {
    const found = await pool().query<InstanceRow>(
      "SELECT id, status, n_steps, seq, failure_reason FROM instances WHERE project_id = $1 AND workflow_id = $2 ORDER BY seq",
      [this.world.project.id, workflowId],
    );
    return found.rows;
  }

  async steps(instanceId: unknown) {
    const found = await pool().query("SELECT * FROM stage_executions WHERE instance_id = $1 ORDER BY ordinal", [
      instanceId,
    ]);
    return found.rows;
  }

  async alerts(workflowId: string): Promise<AlertRow[]> {
    const found = await pool().query<AlertRow>(
      `SELECT type, message, resolved_at FROM alerts
        WHERE project_id = $1 AND subject_type = 'workflow' AND subject_id = $2 ORDER BY id`,
      [this.world.project.id, workflowId],
    );
    return found.rows;
  }
}

/** For tests that send stages: called once in a file. */
export function stages(): Stages {
  const made = new Stages();
  beforeAll(() => made.open());
  afterAll(() => made.close());
  return made;
}

/** What answers say, in short: 200, or the code of a problem. */
export const codes = (answers: Told[]): unknown[] =>
  answers.map(({ status, body }) => (status === 200 ? 200 : body["code"]));

/** An id that no other test has. */
export const freshId = (): string => `pipeline_${crypto.randomUUID().replaceAll("-", "")}`;
