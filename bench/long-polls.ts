import { once } from "node:events";
import { get, type IncomingMessage, request } from "node:http";
import { AppServer } from "./app-server";
import type { Database } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import { type Askers, makeAskers } from "./requests";
import type { Figure } from "./table";
import type { World } from "./world";

const WAITERS = 1000;
const OPENED_AT_ONCE = 100;
const QUIET_MS = 5000;
const SETTLE_MS = 12_000;

const ASKED = `
  INSERT INTO approvals (project_id, id, status, context, risk, need, timeout_seconds, timeout_action, created_at, expires_at, due_at, requested_by, requester_name)
  SELECT $1, 'apr_bench' || n, 'pending', 'Publish it', 'low', 1, 3600, 'deny', now(), now() + interval '1 hour', now() + interval '1 hour', 'key:1', 'key:Agent'
    FROM generate_series(1, $2::int) AS n RETURNING id`;

/** Somebody who waits for a decision; resolves to when it came, as a `performance.now()` value. */
type Waiter = { answered: Promise<number> };

async function read(answer: IncomingMessage): Promise<number> {
  if (answer.statusCode !== 200) throw new Error(`a long-poll answered ${answer.statusCode}`);
  answer.resume();
  await once(answer, "end");
  return performance.now();
}

type Server = { origin: string; asked: Askers };

/** Each on a connection of its own, as agents on many machines have. */
function wait({ origin, asked }: Server, id: string): Waiter {
  const waiting = get(`${origin}/api/approvals/${id}?wait=60&key=${asked.key}`, { agent: false });
  const answered = once(waiting, "response").then(([answer]: IncomingMessage[]) => {
    if (answer === undefined) throw new Error("a response has a message");
    return read(answer);
  });
  return { answered };
}

async function open(server: Server, ids: string[]): Promise<Waiter[]> {
  const waiters: Waiter[] = [];
  for (let at = 0; at < ids.length; at += OPENED_AT_ONCE) {
    waiters.push(...ids.slice(at, at + OPENED_AT_ONCE).map((id) => wait(server, id)));
    // The server takes requests in the order in which they come: once this is answered, those are waiting.
    const probe = get(`${server.origin}/api/health`, { agent: false });
    const [answer]: IncomingMessage[] = await once(probe, "response");
    if (answer !== undefined) await read(answer);
  }
  return waiters;
}

/** Decides as a key does; resolves to when the answer came. */
async function decide({ origin, asked }: Server, id: string): Promise<number> {
  const sent = request(`${origin}/api/approvals/${id}/decision?key=${asked.key}`, {
    method: "POST",
    agent: false,
    headers: { "Content-Type": "application/json" },
  }).end('{"decision":"approve"}');
  const [answer]: IncomingMessage[] = await once(sent, "response");
  if (answer === undefined) throw new Error("a response has a message");
  return read(answer);
}

/** Statements of the server a second, as far as they are transactions of their own. */
async function statementsPerSecond({ pool }: Database): Promise<number> {
  const count = async (): Promise<number> => {
    const found = await pool.query<{ n: number }>(
      "SELECT xact_commit::float8 AS n FROM pg_stat_database WHERE datname = current_database()",
    );
    return found.rows[0]?.n ?? Number.NaN;
  };
  // Connections tell of what they did with some delay.
  await new Promise((over) => setTimeout(over, SETTLE_MS));
  const before = await count();
  await new Promise((over) => setTimeout(over, QUIET_MS));
  return ((await count()) - before) / (QUIET_MS / 1000);
}

/** What it costs that many agents wait for decisions, and how soon they are told. */
export async function longPolls(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.waitedFor();
  const app = await AppServer.start(database.url);
  try {
    const asked = await makeAskers(database);
    await database.pool.query("UPDATE api_keys SET scopes = '{write,approve}' WHERE project_id = $1", [
      asked.projectId,
    ]);
    const server = { origin: `http://localhost:${app.port}`, asked };
    const made = await database.pool.query<{ id: string }>(ASKED, [asked.projectId, WAITERS + rounds * 10]);
    const ids = made.rows.map(({ id }) => id);
    const [alone, shared] = [ids.slice(0, WAITERS), ids.slice(WAITERS)];
    // The first ones compile and fill caches.
    const first = shared.pop() ?? "";
    const warm = await open(server, Array<string>(100).fill(first));
    await decide(server, first);
    await Promise.all(warm.map(({ answered }) => answered));
    const idle = await statementsPerSecond(database);
    app.takePeakMb();
    const before = app.takePeakMb();
    const waiters = await open(server, alone);
    const grown = app.takePeakMb() - before;
    const waited = await statementsPerSecond(database);
    const took: number[] = [];
    for (const [index, waiter] of waiters.slice(0, rounds * 10).entries()) {
      const decided = await decide(server, alone[index] ?? "");
      took.push(Math.max(0, (await waiter.answered) - decided));
    }
    const grownAtAll = Math.max(grown, app.takePeakMb() - before);
    const last: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const id = shared.pop() ?? "";
      const crowd = await open(server, Array<string>(WAITERS).fill(id));
      const decided = await decide(server, id);
      const told = await Promise.all(crowd.map(({ answered }) => answered));
      last.push(Math.max(...told) - decided);
    }
    const who = `${WAITERS} long-polls of as many approvals`;
    return [
      { name: `${who}: growth of memory`, value: grownAtAll, unit: "MB", target: { kind: "at most", value: 100 } },
      {
        name: `${who}: more statements a second`,
        value: waited - idle,
        unit: "/s",
        target: { kind: "at most", value: 30 },
      },
      { name: `${who}: from a decision to its answer, median`, value: median(took), unit: "ms" },
      { name: `${who}: the slowest`, value: Math.max(...took), unit: "ms", target: { kind: "at most", value: 200 } },
      {
        name: `${WAITERS} long-polls of one approval: from the decision to the last answer`,
        value: median(last),
        unit: "ms",
        target: { kind: "at most", value: 200 },
      },
    ];
  } finally {
    await app.stop();
  }
}
