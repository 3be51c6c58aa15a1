import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";
import type { Play, StageMoment } from "./stage-moment";
import { noise, occurrences, unfold } from "./timeline";

/** What is reported when a stage is reached: by whom, and what it counted. */
type Told = { stage: string; agent: string; body: object };

const at = (moment: number, { stage, agent, body }: Told): StageMoment => ({
  at: moment,
  stage,
  says: { agent },
  body,
});

/** What each stage of an import tells. */
function importStages(index: number): Told[] {
  const orders = 24 + Math.floor(noise(index) * 60);
  const corrected = Math.floor(noise(index + 1000) * 5);
  const backordered = Math.floor(noise(index + 2000) * 4);
  const amount = Math.round(orders * (41 + noise(index + 3000) * 23) * 100) / 100;
  const took = (salt: number) => ({ response_time_ms: 800 + Math.floor(noise(index + salt) * 9000) });
  return [
    { stage: "1", agent: "importer", body: { orders, marketplaces: ["web", "amazon", "zalando"], ...took(1) } },
    { stage: "2", agent: "importer", body: { checked: orders, corrected, ...took(2) } },
    { stage: "3", agent: "stock-service", body: { reserved: orders - backordered, backordered, ...took(3) } },
    { stage: "4", agent: "payment-service", body: { charged: orders, amount_eur: amount, ...took(4) } },
    { stage: "5", agent: "warehouse-bridge", body: { parcels: orders + corrected, ...took(5) } },
  ];
}

/** How long after the stage before each stage comes, at least and at most, in milliseconds. */
const IMPORT_GAPS: [number, number][] = [
  [0, 0],
  [60 * SECOND, 150 * SECOND],
  [2 * MINUTE, 4 * MINUTE],
  [3 * MINUTE, 5 * MINUTE],
  [2 * MINUTE, 4 * MINUTE],
];
/** Of the import that is under way when the demonstration is made: the next stage comes a minute later. */
const IMPORT_NOW = [0, 80 * SECOND, 150 * SECOND, 130 * SECOND, 4 * MINUTE];
const IMPORT_BEGAN = 5 * MINUTE;

type Times = (stage: number) => number;

/** What went wrong with an import: its stages after that, or as they came. */
type Mishap = (told: StageMoment[], times: Times) => StageMoment[];

const stopsAfter =
  (stages: number): Mishap =>
  (told) =>
    told.slice(0, stages);

/** The stock service answers when it has been given up on. */
const answersLate: Mishap = (told, times) => [
  ...told.slice(0, 2),
  ...told.slice(2, 3).map((moment) => ({ ...moment, at: times(2) + 13 * MINUTE })),
];

/** Payments are charged before the stock is reserved, and again in their turn. */
const skipsAhead: Mishap = (told, times) => [
  ...told.slice(0, 2),
  ...told.slice(3, 4).map((moment) => ({ ...moment, at: times(2) + 20 * SECOND })),
  ...told.slice(2),
];

/** Addresses are checked a second time. */
const comesAgain: Mishap = (told, times) => [
  ...told.slice(0, 2),
  ...told.slice(1, 2).map((moment) => ({ ...moment, at: times(2) + 15 * SECOND })),
  ...told.slice(2),
];

/** By how many hours ago they began. */
const MISHAPS: Record<number, Mishap> = {
  287: stopsAfter(3),
  286: stopsAfter(3),
  150: skipsAhead,
  96: answersLate,
  61: comesAgain,
  19: stopsAfter(4),
};

const minutes = (count: number) => count * 60;

/** Under way when the demonstration is made, and begun again every hour. */
export const orderImport: Play = {
  input: {
    kind: "static",
    name: "Order import",
    validation_mode: "strict",
    strict_agents: false,
    grace_period_seconds: null,
    instance_timeout_seconds: minutes(45),
    channels: [],
    stages: [
      { name: "Fetch orders", timeout_seconds: null },
      { name: "Check addresses", timeout_seconds: minutes(5) },
      { name: "Reserve stock", timeout_seconds: minutes(10) },
      { name: "Charge payments", timeout_seconds: minutes(10) },
      { name: "Hand to warehouse", timeout_seconds: minutes(15) },
    ],
  },
  timeline: (made) => {
    const begins = made - IMPORT_BEGAN;
    const hourly = occurrences({ kind: "period", timeoutSeconds: 3600 }, begins - 14 * DAY);
    return unfold(hourly, (began, index) => {
      const gaps = IMPORT_GAPS.map(([least, most], stage) => least + noise(index * 5 + stage) * (most - least));
      const waits = began === begins ? IMPORT_NOW : gaps;
      const times: Times = (stage) => began + waits.slice(0, stage).reduce((sum, wait) => sum + wait, 0);
      const told = importStages(index).map((stage, order) => at(times(order + 1), stage));
      const mishap = MISHAPS[Math.round((begins - began) / HOUR)];
      return mishap === undefined ? told : mishap(told, times);
    });
  },
};

/** What the machines of a release report, each when it is ready. */
function releaseStages(index: number): Told[] {
  const version = `2026.${31 + Math.floor(index / 5)}.${index % 5}`;
  const tests = 1840 + index * 3;
  const kilobytes = 184_000 + Math.floor(noise(index + 40) * 9000);
  return [
    { stage: "1", agent: "builder", body: { version, images: ["shop", "worker"], kilobytes } },
    { stage: "2", agent: "test-runner", body: { version, tests, flaky: Math.floor(noise(index + 80) * 3) } },
    { stage: "3", agent: "scanner", body: { version, critical: 0, high: Math.floor(noise(index + 120) * 2) } },
    { stage: "4", agent: "release-bot", body: { version, tickets: 3 + Math.floor(noise(index + 160) * 14) } },
  ];
}

/** When each stage of a release comes after the first one, at least and at most, in milliseconds. */
const RELEASE_SPANS: [number, number][] = [
  [4 * MINUTE, 9 * MINUTE],
  [11 * MINUTE, 26 * MINUTE],
  [2 * MINUTE, 18 * MINUTE],
  [0, 14 * MINUTE],
];

/** By which release it was: scans that never report, one that does too late, and one that finds something. */
const RELEASES_UNSCANNED = new Set([20, 41]);
const RELEASE_SCANNED_LATE = 41;
const RELEASE_UNSAFE = 52;

function releaseOf(began: number, index: number): StageMoment[] {
  const told = releaseStages(index).map((stage, order) => {
    const [least, most] = RELEASE_SPANS[order] ?? [0, 0];
    return at(began + least + noise(index * 4 + order) * (most - least), stage);
  });
  const scanned = told.filter(({ stage }) => stage === "3");
  const others = told.filter(({ stage }) => stage !== "3");
  if (index === RELEASE_UNSAFE) {
    const body = { critical: 1, advisory: "CVE-2026-31337 in the image of the shop" };
    return [...others, ...scanned.map((scan) => ({ ...scan, at: began + 40 * MINUTE, ...unsafe(scan, body) }))];
  }
  if (!RELEASES_UNSCANNED.has(index)) return told;
  const late = index === RELEASE_SCANNED_LATE ? scanned.map((scan) => ({ ...scan, at: began + 80 * MINUTE })) : [];
  return [...others, ...late];
}

const unsafe = ({ says, body }: StageMoment, found: object) => ({
  says: { ...says, status: "failed" },
  body: { ...body, ...found },
});

/** On working days, but not on each of them; its stages come in any order. */
export const releasePipeline: Play = {
  input: {
    kind: "static",
    name: "Release pipeline",
    validation_mode: "flexible",
    strict_agents: false,
    grace_period_seconds: minutes(60),
    instance_timeout_seconds: null,
    channels: [],
    stages: [
      { name: "Build images", timeout_seconds: null },
      { name: "Run tests", timeout_seconds: null },
      { name: "Security scan", timeout_seconds: null },
      { name: "Release notes", timeout_seconds: null },
    ],
  },
  timeline: (made) => {
    const afternoons = { kind: "calendar", expression: "40 13 * * Mon-Fri", timeZone: "UTC" } as const;
    return unfold(occurrences(afternoons, made - 90 * DAY), (began, index) =>
      noise(index + 700) < 0.1 ? [] : releaseOf(began, index).sort((a, b) => a.at - b.at),
    );
  },
};
