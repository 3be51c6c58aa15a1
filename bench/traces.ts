import { AppServer } from "./app-server";
import { runLoad, runTraces, type TracesJob, type TracesResult } from "./children";
import { type Database, makeProject } from "./databases";
import { type Fleet, makeFleet } from "./fleet";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const SPANS_PER_BATCH = 512;
/** Enough that the server never waits for the next batch: with four a sixth of both cores was idle. */
const CONNECTIONS = 8;
const SERVICES = 8;
/** Batches of one round: four seconds at the target. */
const BATCHES = 160;
const TARGET = 20_000;
const PING_CONNECTIONS = 64;
const PING_SECONDS = 4;

async function stored({ pool }: Database, projectId: string): Promise<number> {
  const found = await pool.query<{ n: number }>(
    "SELECT count(*)::float8 AS n FROM stage_executions WHERE project_id = $1",
    [projectId],
  );
  return found.rows[0]?.n ?? Number.NaN;
}

/** Plain pings that the same server takes in a second. */
async function pings(port: number, { checks }: Fleet): Promise<number> {
  const scripts = checks.map(({ id }) => [{ target: `/ping/${id}` }]);
  const until = { seconds: PING_SECONDS };
  return (await runLoad({ port, connections: PING_CONNECTIONS, scripts, until, warmUpMs: 1000 })).perSecond;
}

type Taken = { spans: TracesResult[]; pings: number[]; warm: TracesResult };

const sentIn = ({ spans, warm }: Taken): number => [warm, ...spans].reduce((sum, one) => sum + one.spans, 0);
const failuresIn = ({ spans, warm }: Taken): number => [warm, ...spans].reduce((sum, one) => sum + one.failures, 0);

function figuresOf(
  format: TracesJob["format"],
  { spans, pings: plain }: Taken,
  problem: { problem?: string },
): Figure[] {
  const perSecond = median(spans.map((one) => one.perSecond));
  const size = Math.round(median(spans.map(({ bytesPerSpan }) => bytesPerSpan)));
  return [
    {
      name: `spans taken and stored, ${format}, ${size} bytes each, in batches of ${SPANS_PER_BATCH}`,
      value: perSecond,
      unit: "/s",
      target: { kind: "at least", value: TARGET },
      ...problem,
    },
    {
      // Hours of one machine differ by more than half: beside this, figures of two runs can be compared.
      name: `the same ÷ plain pings of this run, ${format}`,
      value: perSecond / median(plain),
      unit: "",
    },
    {
      name: `the same: 99th percentile of a batch, ${format}`,
      value: median(spans.map(({ p99 }) => p99)),
      unit: "ms",
    },
  ];
}

/** How many spans of agents are taken in a second, in both forms of OTLP, gzipped, beside plain pings of the same run. */
export async function traces(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.traced();
  const server = await AppServer.start(database.url);
  try {
    const { id, pingKey: key } = await makeProject(database);
    const fleet = await makeFleet(database);
    const figures: Figure[] = [];
    let sent = 0;
    for (const format of ["json", "protobuf"] as const) {
      const job = { port: server.port, key, format, spansPerBatch: SPANS_PER_BATCH, connections: CONNECTIONS };
      const load = { ...job, services: SERVICES };
      const taken: Taken = { warm: await runTraces({ ...load, batches: 40 }), spans: [], pings: [] };
      for (let round = 0; round < rounds; round += 1) {
        taken.pings.push(await pings(server.port, fleet));
        taken.spans.push(await runTraces({ ...load, batches: BATCHES }));
      }
      sent += sentIn(taken);
      const failures = failuresIn(taken);
      const kept = await stored(database, id);
      const isLost = failures > 0 || kept !== sent;
      const problem = isLost ? { problem: `${failures} batches failed, ${kept} of ${sent} spans are stored` } : {};
      figures.push(...figuresOf(format, taken, problem));
    }
    return figures;
  } finally {
    await server.stop();
  }
}
