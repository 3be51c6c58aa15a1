import { randomUUID } from "node:crypto";
import { type AppServer, PING_HOST } from "./app-server";
import { runLoad, runStatements } from "./children";
import { type Audited, auditedFleet, type Fleet, makeFleet, takeFleet } from "./fleet";
import type { LoadResult, PlannedRequest } from "./load-plan";
import { auditedPipelines, makePipelines, stagesOf, TOLD, TOLD_FREE } from "./pipelines";
import { auditedRequests, makeAskers, requestsOf } from "./requests";
import type { World } from "./world";

/** One round of `seconds`, of which `warmUpMs` do not count. */
export type Round = { seconds: number; warmUpMs: number };

/**
 * Something that is run for a while and gives a rate. `stores` is what it signals to, when it stores anything; `server`
 * is the real server that it loads, if it does.
 */
export type Workload = { stores: Audited | null; server?: AppServer; run: (round: Round) => Promise<LoadResult> };

type Shot = { port: number; connections: number; scripts: PlannedRequest[][] };

const shoot =
  (shot: Shot) =>
  ({ seconds, warmUpMs }: Round): Promise<LoadResult> =>
    runLoad({ ...shot, until: { seconds }, warmUpMs });

const WARM_SECONDS = 5;

const byUuid = (fleet: Fleet): PlannedRequest[][] => fleet.checks.map(({ id }) => [{ target: `/ping/${id}` }]);

const SCHEDULES = ["*/5 * * * *", "0 * * * *", "30 3 * * *", "15 6 * * 1-5", "0 0 1 * *"];

type Variant = { connections: number; scripts?: (fleet: Fleet) => PlannedRequest[][]; schedules?: string[] };

/** The real server on the empty database, with checks of its own. */
const door =
  ({ connections, scripts = byUuid, schedules }: Variant) =>
  async (world: World): Promise<Workload> => {
    const fleet = await makeFleet(await world.empty(), schedules === undefined ? {} : { schedules });
    const server = await world.door();
    return {
      stores: auditedFleet(fleet),
      server,
      run: shoot({ port: server.port, connections, scripts: scripts(fleet) }),
    };
  };

function pairs(fleet: Fleet): PlannedRequest[][] {
  return fleet.checks.map(({ id }) => {
    const rid = randomUUID();
    return [{ target: `/ping/${id}/start?rid=${rid}` }, { target: `/ping/${id}?rid=${rid}` }];
  });
}

/** One request for each check, in the words of another service. */
const dialect = (target: (check: Fleet["checks"][number], pingKey: string) => string, more: { host?: string } = {}) =>
  door({
    connections: 64,
    scripts: ({ checks, pingKey }) => checks.map((check) => [{ target: target(check, pingKey), ...more }]),
  });

/** The plain request of every dialect, by the name of its workload. */
export const DIALECT_WORKLOADS = {
  "dialect-pingura": dialect(({ token }) => `/api/heartbeat/${token}`),
  "dialect-pingpulse": dialect(({ slug }, pingKey) => `/hbk/${slug}?key=${pingKey}`),
  "dialect-better-stack": dialect(({ token }) => `/api/v1/heartbeat/${token}`),
  "dialect-uptime-kuma": dialect(({ token }) => `/api/push/${token}?status=up&msg=OK&ping=12`),
  "dialect-openstatus": dialect(({ token }) => `/heartbeat/${token}`),
  "dialect-checkly": dialect(({ id }) => `/heartbeats/ping/${id}`),
  "dialect-dead-mans-snitch": dialect(({ token }) => `/${token}?m=done`, { host: PING_HOST }),
  "dialect-cronitor": dialect(({ slug }, pingKey) => `/p/${pingKey}/${slug}?state=complete`),
  "dialect-sentry": dialect(({ slug }, pingKey) => `/api/1/cron/${slug}/${pingKey}/?status=ok`),
};

/** Stages of running instances, whose paths go on. */
const pipelines =
  (more: Omit<PlannedRequest, "target"> = {}, hasBudget = false) =>
  async (world: World): Promise<Workload> => {
    const made = await makePipelines(await world.empty(), hasBudget);
    const server = await world.door();
    const run = shoot({ port: server.port, connections: 64, scripts: stagesOf(made, more) });
    return { stores: auditedPipelines(made), server, run };
  };

/** Stages of workflows, by the name of their workload. */
export const STAGE_WORKLOADS = {
  "stages-get": pipelines(),
  "stages-post": pipelines({ method: "POST", body: TOLD }),
  "stages-free": pipelines({ method: "POST", body: TOLD_FREE }),
  "stages-budget": pipelines({ method: "POST", body: TOLD }, true),
};

/** Agents that ask for approvals. */
async function requests(world: World): Promise<Workload> {
  const asked = await makeAskers(await world.empty());
  const server = await world.mailDoor();
  const run = shoot({ port: server.port, connections: 64, scripts: requestsOf(asked) });
  return { stores: auditedRequests(asked), server, run };
}

async function bare(world: World): Promise<Workload> {
  const { port } = await world.bareHttp();
  const scripts = [[{ target: `/ping/${randomUUID()}` }]];
  return { stores: null, run: shoot({ port, connections: 64, scripts }) };
}

async function statement(world: World): Promise<Workload> {
  const fleet = await makeFleet(await world.empty());
  const job = { url: fleet.database.url, checkIds: fleet.checks.map((check) => check.id), connections: 16 };
  return { stores: auditedFleet(fleet), run: (round) => runStatements({ ...job, ...round }) };
}

async function next(world: World): Promise<Workload> {
  const fleet = await makeFleet(await world.empty());
  const { port } = await world.nextAlone();
  return { stores: auditedFleet(fleet), run: shoot({ port, connections: 64, scripts: byUuid(fleet) }) };
}

/** Two servers that differ in what is stored only, so that nothing else is compared. */
const among =
  (fleetOf: (world: World) => Promise<Fleet>, doorOf: (world: World) => Promise<AppServer>) =>
  async (world: World): Promise<Workload> => {
    const [fleet, server] = [await fleetOf(world), await doorOf(world)];
    const run = shoot({ port: server.port, connections: 64, scripts: byUuid(fleet) });
    await run({ seconds: WARM_SECONDS, warmUpMs: 0 });
    return { stores: auditedFleet(fleet), server, run };
  };

const stored = among(
  async (world) => takeFleet(await world.stored()),
  (world) => world.storedDoor(),
);

const unfilled = among(
  async (world) => takeFleet(await world.unfilled()),
  (world) => world.unfilledDoor(),
);

function sum(a: LoadResult, b: LoadResult): LoadResult {
  return {
    ...a,
    ok: a.ok + b.ok,
    others: { ...a.others, ...b.others },
    perSecond: a.perSecond + b.perSecond,
    p99: Math.max(a.p99, b.p99),
    max: Math.max(a.max, b.max),
  };
}

/** Both processes ping the same checks, so that they meet at the rows. */
async function twoProcesses(world: World): Promise<Workload> {
  const fleet = await makeFleet(await world.empty());
  const servers = await Promise.all([world.door(), world.secondDoor()]);
  const scripts = byUuid(fleet);
  const loads = servers.map(({ port }) => shoot({ port, connections: 32, scripts }));
  const run = async (round: Round): Promise<LoadResult> => {
    const results = await Promise.all(loads.map((load) => load(round)));
    return results.reduce(sum);
  };
  return { stores: auditedFleet(fleet), run };
}

/** Every workload by the name under which `--only` asks for it; those that are compared most are neighbours. */
export const WORKLOADS = {
  "bare-http": bare,
  statement,
  "next-alone": next,
  "spread-64": door({ connections: 64 }),
  unfilled,
  stored,
  "one-check": door({ connections: 64, scripts: (fleet) => byUuid(fleet).slice(0, 1) }),
  "spread-256": door({ connections: 256 }),
  "spread-1": door({ connections: 1 }),
  bodies: door({
    connections: 64,
    scripts: (fleet) => fleet.checks.map(({ id }) => [{ target: `/ping/${id}`, method: "POST", bodyBytes: 10_000 }]),
  }),
  slugs: door({
    connections: 64,
    scripts: ({ checks, pingKey }) => checks.map(({ slug }) => [{ target: `/ping/${pingKey}/${slug}` }]),
  }),
  pairs: door({ connections: 64, scripts: pairs }),
  cron: door({ connections: 64, schedules: SCHEDULES }),
  "two-processes": twoProcesses,
  ...DIALECT_WORKLOADS,
  ...STAGE_WORKLOADS,
  "approval-requests": requests,
} satisfies Record<string, (world: World) => Promise<Workload>>;

export type WorkloadName = keyof typeof WORKLOADS;
