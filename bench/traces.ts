import { AppServer } from "./app-server";
import { runTraces } from "./children";
import { type Database, makeProject } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const SPANS_PER_BATCH = 512;
const CONNECTIONS = 4;
const SERVICES = 4;
/** Batches of one round: three seconds at the target. */
const BATCHES = 120;
const TARGET = 20_000;

async function stored({ pool }: Database, projectId: string): Promise<number> {
  const found = await pool.query<{ n: number }>(
    "SELECT count(*)::float8 AS n FROM stage_executions WHERE project_id = $1",
    [projectId],
  );
  return found.rows[0]?.n ?? Number.NaN;
}

/** How many spans of agents are taken in a second, in both forms of OTLP, gzipped. */
export async function traces(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.traced();
  const server = await AppServer.start(database.url);
  try {
    const { id, pingKey: key } = await makeProject(database);
    const figures: Figure[] = [];
    let sent = 0;
    for (const format of ["json", "protobuf"] as const) {
      const job = { port: server.port, key, format, spansPerBatch: SPANS_PER_BATCH, connections: CONNECTIONS };
      const load = { ...job, services: SERVICES };
      const warm = await runTraces({ ...load, batches: 40 });
      const results = [];
      for (let round = 0; round < rounds; round += 1) results.push(await runTraces({ ...load, batches: BATCHES }));
      sent += [warm, ...results].reduce((sum, { spans }) => sum + spans, 0);
      const failures = results.reduce((sum, one) => sum + one.failures, warm.failures);
      const kept = await stored(database, id);
      const isLost = failures > 0 || kept !== sent;
      const problem = isLost ? { problem: `${failures} batches failed, ${kept} of ${sent} spans are stored` } : {};
      const size = Math.round(median(results.map(({ bytesPerSpan }) => bytesPerSpan)));
      figures.push(
        {
          name: `spans taken and stored, ${format}, ${size} bytes each, in batches of ${SPANS_PER_BATCH}`,
          value: median(results.map(({ perSecond }) => perSecond)),
          unit: "/s",
          target: { kind: "at least", value: TARGET },
          ...problem,
        },
        {
          name: `the same: 99th percentile of a batch, ${format}`,
          value: median(results.map(({ p99 }) => p99)),
          unit: "ms",
        },
      );
    }
    return figures;
  } finally {
    await server.stop();
  }
}
