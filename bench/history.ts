import { get, type IncomingMessage } from "node:http";
import { AppServer } from "./app-server";
import { firstByte, signIn } from "./dashboard";
import type { Database } from "./databases";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const SIGNALS = 1_000_000;
/** Expected signals that did not come, evenly among the others. */
const MISSES = 10_000;

/** One check with a million signals, a minute apart, as no retention would leave it. */
async function fill({ pool }: Database): Promise<{ project: string; check: string }> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  // Paused and pruned through all of them, so that neither sweeps nor retention touch it.
  const made = await pool.query<{ id: string }>(
    `INSERT INTO checks (project_id, name, slug, timeout_seconds, grace_seconds, status, last_ping_at, n_pings, pruned_through, created_at)
     VALUES ($1, 'Long history', 'long-history', 60, 60, 'paused', now(), $2::int, $2::int, now() - $2::int * interval '1 minute') RETURNING id`,
    [project, SIGNALS],
  );
  const check = made.rows[0]?.id ?? "";
  await pool.query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, duration_ms, details)
     SELECT $1, $2, n, CASE WHEN n % 100 = 0 THEN 'fail' ELSE 'success' END::ping_kind, 'pingura', now() - ($3 - n) * interval '1 minute',
            'http', '192.0.2.7', 'POST', 'curl/8.14.1', 1000 + n * 13 % 700,
            jsonb_build_object('status_text', 'ok', 'metadata', jsonb_build_object('rows', n, 'host', 'db-1'))
       FROM generate_series(1, $3::int) AS n`,
    [project, check, SIGNALS],
  );
  await pool.query(
    `INSERT INTO misses (project_id, check_id, expected_at)
     SELECT $1, $2, now() - n * $3::int * interval '1 minute' + interval '30 seconds' FROM generate_series(1, $4::int) AS n`,
    [project, check, SIGNALS / MISSES, MISSES],
  );
  await pool.query("VACUUM ANALYZE pings, misses");
  return { project, check };
}

type Drained = { seconds: number; lines: number; growthMb: number; problem?: string };

/** Downloads a file as a client would that keeps nothing of it. */
async function drain(server: AppServer, url: string, cookie: string): Promise<Drained> {
  // What the pages before it left behind is no growth of this one.
  const before = server.takePeakMb();
  const began = performance.now();
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers: { Cookie: cookie } }, resolve).on("error", reject);
  });
  let lines = 0;
  for await (const chunk of answer) for (const byte of chunk as Buffer) if (byte === 10) lines += 1; // no encoding is set
  const seconds = (performance.now() - began) / 1000;
  const drained = { seconds, lines, growthMb: server.takePeakMb() - before };
  return answer.statusCode === 200 ? drained : { ...drained, problem: `answered ${answer.statusCode}` };
}

function exportFigures(format: string, { seconds, lines, growthMb, problem }: Drained, wanted: number): Figure[] {
  const lost = problem ?? (lines === wanted ? undefined : `${lines} lines instead of ${wanted}`);
  const name = `export of ${SIGNALS} signals as ${format}`;
  return [
    {
      name,
      value: seconds,
      unit: "s",
      target: { kind: "at most", value: 20 },
      ...(lost !== undefined && { problem: lost }),
    },
    { name: `${name}: growth of memory`, value: growthMb, unit: "MB", target: { kind: "at most", value: 100 } },
  ];
}

/** How quickly the history of a check with a million signals is shown and taken away. */
export async function history(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.history();
  const server = await AppServer.start(database.url);
  try {
    const origin = `http://localhost:${server.port}`;
    const { project, check } = await fill(database);
    const facts = { origin, cookie: await signIn(origin) };
    const base = `/projects/${project}/checks/${check}/history`;
    const figures: Figure[] = [
      {
        name: "the page of that check, to compare with: first byte",
        value: await firstByte(facts, `/projects/${project}/checks/${check}`, rounds * 5),
        unit: "ms",
      },
    ];
    for (const [name, search] of [
      ["all of it", "?range=all"],
      ["30 days", ""],
      ["failures", "?range=all&kinds=fail"],
      ["missed ones", "?range=all&kinds=missed"],
      ["failures and missed ones", "?range=all&kinds=fail,missed"],
      ["a kind that is not there", "?range=all&kinds=ign"],
    ] as const)
      figures.push({
        name: `history of ${SIGNALS} signals, ${name}: first byte`,
        value: await firstByte(facts, `${base}${search}`, rounds * 5),
        unit: "ms",
        target: { kind: "at most", value: 150 },
      });
    const file = (format: string) => `${origin}/api/checks/${check}/history?project=${project}&format=${format}`;
    for (const format of ["csv", "json"])
      figures.push(
        ...exportFigures(
          format,
          await drain(server, file(format), facts.cookie),
          SIGNALS + MISSES + (format === "csv" ? 1 : 0),
        ),
      );
    return figures;
  } finally {
    await server.stop();
  }
}
