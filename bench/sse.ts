import { once } from "node:events";
import { type ClientRequest, get, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { AppServer } from "./app-server";
import { firstByte, signIn } from "./dashboard";
import type { Database } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const VIEWERS = 500;
const STEPS = 10_000;
const [RUNNING, LONG] = ["d00000000000bench", "d000000000000long"];
/** As long as a pool keeps a connection that nobody uses, and a little more. */
const IDLE_MS = 12_000;

/** A running instance to watch, and one that ended with many steps. */
async function fill({ pool }: Database): Promise<string> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  await pool.query("INSERT INTO workflows (project_id, id, kind, name) VALUES ($1, 'bench', 'dynamic', 'Bench')", [
    project,
  ]);
  await pool.query(
    `INSERT INTO workflow_definitions (project_id, workflow_id, version, rules) VALUES ($1, 'bench', 1,
       '{"kind":"dynamic","mode":"flexible","strictAgents":false,"graceSeconds":null,"instanceTimeoutSeconds":null,"stages":[]}')`,
    [project],
  );
  await pool.query(
    `INSERT INTO instances (project_id, workflow_id, id, seq, version, status, started_at, ended_at, n_steps, last_signal_at, progress_at)
     VALUES ($1, 'bench', $2, 1, 1, 'running', now(), NULL, 0, now(), now()),
            ($1, 'bench', $3, 2, 1, 'completed', now() - interval '2 hours', now(), $4, now(), now())`,
    [project, RUNNING, LONG, STEPS],
  );
  await pool.query(
    `INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, stage_name, agent, at, payload)
     SELECT $1, $2, n, CASE WHEN n % 2 = 0 THEN (1 + n % 60)::text ELSE (1 + n % 60) || '.' || (1 + n % 7) END, 'success', 'Page ' || n, 'worker-' || n % 5,
            now() - interval '2 hours' + n * interval '700 milliseconds', jsonb_build_object('page', n)
       FROM generate_series(0, $3::int - 1) AS n`,
    [project, LONG, STEPS],
  );
  await pool.query("VACUUM ANALYZE");
  return project;
}

/** Somebody who follows the instance. */
class Viewer {
  readonly #request: ClientRequest;
  #answer: IncomingMessage | null = null;
  #heard = "";

  constructor(url: string, cookie: string) {
    // Each has a connection of its own, as browsers do.
    this.#request = get(url, { headers: { Cookie: cookie }, agent: false });
  }

  async open(): Promise<void> {
    const [answer]: IncomingMessage[] = await once(this.#request, "response");
    if (answer?.statusCode !== 200) throw new Error(`the stream of events answered ${answer?.statusCode}`);
    this.#answer = answer;
    answer.setEncoding("utf8").on("data", (text: string) => {
      this.#heard = (this.#heard + text).slice(-2000);
    });
    await this.hears("event: instance");
  }

  async hears(text: string): Promise<void> {
    while (!this.#heard.includes(text)) await once(this.#answer ?? this.#request, "data");
  }

  close(): void {
    this.#request.destroy();
  }
}

async function openViewers(count: number, url: string, cookie: string): Promise<Viewer[]> {
  const viewers: Viewer[] = [];
  while (viewers.length < count) {
    const some = Array.from({ length: Math.min(50, count - viewers.length) }, () => new Viewer(url, cookie));
    await Promise.all(some.map((viewer) => viewer.open()));
    viewers.push(...some);
  }
  return viewers;
}

async function connectionsOf({ pool }: Database): Promise<number> {
  const found = await pool.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return found.rows[0]?.count ?? Number.NaN;
}

/** Milliseconds from when a step is stored until the last viewer has heard of it. */
async function step({ pool }: Database, viewers: Viewer[]): Promise<number> {
  const stored = await pool.query<{ ordinal: number }>(
    `WITH i AS (UPDATE instances SET n_steps = n_steps + 1 WHERE id = $1 RETURNING project_id, id, n_steps)
     INSERT INTO stage_executions (project_id, instance_id, ordinal, path, status, at)
     SELECT project_id, id, n_steps - 1, n_steps::text, 'success', now() FROM i RETURNING ordinal`,
    [RUNNING],
  );
  const began = performance.now();
  await Promise.all(viewers.map((viewer) => viewer.hears(`"step":${stored.rows[0]?.ordinal},`)));
  return performance.now() - began;
}

/** What it costs that many people watch one instance, and how quickly they and the page of a long one are served. */
export async function sse(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.followed();
  const server = await AppServer.start(database.url);
  try {
    const origin = `http://localhost:${server.port}`;
    const project = await fill(database);
    const cookie = await signIn(origin);
    const at = `${origin}/api/instances/${RUNNING}/events?project=${project}`;
    // The first ones compile and fill caches.
    for (const viewer of await openViewers(50, at, cookie)) viewer.close();
    await sleep(IDLE_MS);
    const idle = await connectionsOf(database);
    server.takePeakMb();
    const before = server.takePeakMb();
    const viewers = await openViewers(VIEWERS, at, cookie);
    await sleep(IDLE_MS);
    const watched = await connectionsOf(database);
    const took: number[] = [];
    for (let count = 0; count < rounds * 5; count += 1) took.push(await step(database, viewers));
    const grown = server.takePeakMb() - before;
    for (const viewer of viewers) viewer.close();
    const page = `/projects/${project}/instances/${LONG}`;
    const rest = `/api/instances/${LONG}/steps?project=${project}&after=99`;
    const who = `${VIEWERS} viewers of one instance`;
    return [
      { name: `${who}: growth of memory`, value: grown, unit: "MB", target: { kind: "at most", value: 100 } },
      { name: `${who}: more connections`, value: watched - idle, unit: "", target: { kind: "at most", value: 1 } },
      {
        name: `${who}: from a step to the last one`,
        value: median(took),
        unit: "ms",
        target: { kind: "at most", value: 1000 },
      },
      {
        name: `page of an instance with ${STEPS} steps: first byte`,
        value: await firstByte({ origin, cookie }, page, rounds * 5),
        unit: "ms",
        target: { kind: "at most", value: 250 },
      },
      { name: "its other steps: first byte", value: await firstByte({ origin, cookie }, rest, rounds * 5), unit: "ms" },
    ];
  } finally {
    await server.stop();
  }
}
