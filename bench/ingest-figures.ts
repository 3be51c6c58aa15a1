import type { Measured } from "./measure";
import type { Figure } from "./table";
import { DIALECT_WORKLOADS, STAGE_WORKLOADS, type WorkloadName } from "./workloads";

type Wanted = {
  name: string;
  unit: Figure["unit"];
  /** The workloads it is made of; without all of them there is no figure. */
  from: WorkloadName[];
  value: (measured: Measured) => number;
  target?: Figure["target"];
};

const rate = (of: WorkloadName, name: string): Wanted => ({
  name,
  unit: "/s",
  from: [of],
  value: (measured) => measured.of(of, (outcome) => outcome.perSecond),
});

type Ratio = { of: WorkloadName; by: WorkloadName; atLeast?: number };

const ratio = (name: string, { of, by, atLeast }: Ratio): Wanted => ({
  name,
  unit: "×",
  from: [of, by],
  value: (measured) => measured.ratio(of, by),
  ...(atLeast !== undefined && { target: { kind: "at least", value: atLeast } }),
});

type Latency = { of: WorkloadName; at: "p50" | "p99"; atMost?: number };

const latency = (name: string, { of, at, atMost }: Latency): Wanted => ({
  name,
  unit: "ms",
  from: [of],
  value: (measured) => measured.of(of, (outcome) => outcome[at]),
  ...(atMost !== undefined && { target: { kind: "at most", value: atMost } }),
});

const namesOf = <T extends object>(workloads: T): (keyof T)[] => Object.keys(workloads) as (keyof T)[]; // its own keys

/** The workloads of all dialects. */
const DIALECTS: WorkloadName[] = namesOf(DIALECT_WORKLOADS);

/** Workloads that are asked for together. */
export const GROUPS: ReadonlyMap<string, WorkloadName[]> = new Map([
  ["dialects", DIALECTS],
  ["stages", namesOf(STAGE_WORKLOADS)],
]);

const WANTED: Wanted[] = [
  rate("bare-http", "(a) bare node:http answering OK, 64 connections"),
  {
    name: "the load generator's processor time for each request of (a)",
    unit: "µs",
    from: ["bare-http"],
    value: (measured) => measured.of("bare-http", (outcome) => outcome.cpuMicros),
  },
  rate("statement", "(b) one statement per ping, 16 database connections"),
  rate("next-alone", "(c) Next handler alone, 64 connections"),
  rate("spread-64", "front door, spread over 1,000 checks, 64 connections"),
  ratio("the same ÷ (a)", { of: "spread-64", by: "bare-http" }),
  ratio("the same ÷ (b)", { of: "spread-64", by: "statement", atLeast: 1.1 }),
  ratio("the same ÷ (c)", { of: "spread-64", by: "next-alone", atLeast: 6 }),
  latency("median latency at 64 connections, saturated", { of: "spread-64", at: "p50" }),
  latency("p99 at 64 connections, saturated", { of: "spread-64", at: "p99", atMost: 40 }),
  {
    name: "log written for each ping",
    unit: "bytes",
    from: ["spread-64"],
    value: (measured) => measured.of("spread-64", (outcome) => outcome.walBytes / outcome.ok),
  },
  {
    name: "pings for each flush of the log, about",
    unit: "",
    from: ["spread-64"],
    value: (measured) => measured.of("spread-64", (outcome) => outcome.ok / outcome.flushes),
  },
  rate("spread-256", "front door, 256 connections"),
  ratio("the same ÷ (b)", { of: "spread-256", by: "statement", atLeast: 1.4 }),
  latency("p99 at 256 connections, saturated", { of: "spread-256", at: "p99" }),
  rate("spread-1", "front door, one connection"),
  latency("median latency at one connection", { of: "spread-1", at: "p50", atMost: 2 }),
  rate("one-check", "front door, all on one check"),
  ratio("the same ÷ spread", { of: "one-check", by: "spread-64", atLeast: 1 }),
  rate("bodies", "front door, bodies of 10 kB"),
  ratio("the same ÷ spread", { of: "bodies", by: "spread-64" }),
  rate("slugs", "front door, addresses with slugs"),
  ratio("the same ÷ spread", { of: "slugs", by: "spread-64" }),
  rate("pairs", "front door, start and finish with run ids"),
  ratio("the same ÷ spread", { of: "pairs", by: "spread-64" }),
  rate("cron", "front door, checks with cron schedules"),
  ratio("the same ÷ spread", { of: "cron", by: "spread-64" }),
  rate("stored", "front door, many pings stored already"),
  ratio("the same ÷ as many checks without pings", { of: "stored", by: "unfilled", atLeast: 0.9 }),
  rate("two-processes", "two processes on one database, together"),
  ratio("the same ÷ one process", { of: "two-processes", by: "spread-64" }),
  ...DIALECTS.flatMap((of) => [
    rate(of, `front door, ${of.replaceAll("-", " ")}`),
    ratio("the same ÷ plain pings", { of, by: "spread-64", atLeast: 0.8 }),
  ]),
  rate("stages-get", "front door, stages of 1,000 workflows"),
  ratio("the same ÷ plain pings", { of: "stages-get", by: "spread-64", atLeast: 0.6 }),
  {
    name: "log written for each stage",
    unit: "bytes",
    from: ["stages-get"],
    value: (measured) => measured.of("stages-get", (outcome) => outcome.walBytes / outcome.ok),
  },
  rate("stages-post", "front door, stages with tokens, cost and payload, of 500 bytes"),
  ratio("the same ÷ plain pings", { of: "stages-post", by: "spread-64" }),
  rate("stages-free", "front door, stages with as many bytes that tell no cost"),
  ratio("with tokens and cost ÷ without", { of: "stages-post", by: "stages-free", atLeast: 0.8 }),
  rate("stages-budget", "front door, stages with tokens and cost of workflows with limits and anomaly detection"),
  ratio("the same ÷ without cost", { of: "stages-budget", by: "stages-free" }),
  rate("approval-requests", "approvals asked for, each with an alert, a mail and its two links, 64 connections"),
  ratio("the same ÷ plain pings", { of: "approval-requests", by: "spread-64", atLeast: 0.3 }),
];

/** The rows of the table that these measurements give; a figure made of a workload that went wrong is a failure. */
export function ingestFigures(measured: Measured): Figure[] {
  return WANTED.filter(({ from }) => measured.has(...from)).map(({ name, unit, from, value, target }) => {
    const problem = from.map((workload) => measured.problems.get(workload)).find((found) => found !== undefined);
    return {
      name,
      unit,
      value: value(measured),
      ...(target !== undefined && { target }),
      ...(problem !== undefined && { problem }),
    };
  });
}

/** What a workload is compared with. */
export function comparedWith(name: WorkloadName): WorkloadName[] {
  const together = WANTED.filter(({ from }) => from[0] === name).flatMap(({ from }) => from);
  return [...new Set([...together, name])];
}
