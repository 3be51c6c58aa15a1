import { dollars } from "@/lib/core/money";
import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";
import type { Play, StageMoment } from "./stage-moment";
import { noise, occurrences, unfold } from "./timeline";

const TOPICS = [
  "Rain jackets: what three competitors charge",
  "Why customers return hiking boots",
  "Which sizes of trousers are asked for and not in stock",
  "Shipping times to Austria and Switzerland",
  "What reviews say of the new tents",
  "Prices of climbing ropes before the season",
  "Sleeping bags: terms people search for",
  "Repair services of other outdoor shops",
];

/** For whom a run is made, and whose costs it counts under. */
const TEAMS = ["buying", "support", "marketing"];

/** Dollars for a million tokens. */
const PRICES: Record<string, { input: number; output: number }> = {
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-sonnet-4-5": { input: 3, output: 15 },
  "gpt-5-mini": { input: 0.25, output: 2 },
};
/** Runs on the shop's own machines; nobody knows its price. */
const OWN_MODEL = "shop-reader-7b";
/** Since so many runs it is tried for a part of the work. */
const TRIED = 70;

/** One piece of work of the agents, as it is reported when it is done. Milliseconds after the start. */
type Piece = {
  after: number;
  stage: string;
  name: string;
  agent: string;
  model: string;
  tokens: { input: number; output: number };
  reason?: string;
  says?: Record<string, string>;
  more: object;
};

/** How long the model took, a few seconds less than the work as a whole. */
const responseMs = ({ input, output }: Piece["tokens"]) => Math.round(900 + input * 0.08 + output * 14);

/** How much more is read on some days than on others. */
function busyness(at: number): number {
  const day = Math.floor(at / DAY);
  const isWeekend = [0, 6].includes(new Date(at).getUTCDay());
  return isWeekend ? 0.5 : 0.7 + 1.3 * noise(day);
}

/** Dollars; null for a model whose price is not known. */
function costOf(model: string, { input, output }: Piece["tokens"]): number | null {
  const price = PRICES[model];
  return price === undefined ? null : dollars(Math.round(input * price.input + output * price.output));
}

function pieceAt(began: number, piece: Piece, team: string): StageMoment {
  const { stage, name, agent, model, reason, says, more } = piece;
  const { output } = piece.tokens;
  const input = Math.round(piece.tokens.input * busyness(began));
  const cost = costOf(model, { input, output });
  return {
    at: began + piece.after,
    stage,
    says: { stagename: name, agent, ...says },
    body: {
      model_id: model,
      usage: { input_tokens: input, output_tokens: output, total_tokens: input + output },
      ...(cost !== null && { cost_usd: cost }),
      tags: [team],
      response_time_ms: responseMs({ input, output }),
      context_size_bytes: input * 4,
      ...(reason !== undefined && { handoff_reason: reason }),
      ...more,
    },
  };
}

/** Numbers of one run that look random, from `least` up to `most`. */
const dice = (index: number) => (salt: number, least: number, most: number) =>
  Math.floor(least + noise(index * 64 + salt) * (most - least));
type Dice = ReturnType<typeof dice>;

const BRANCHES = [
  { stage: "2.1", name: "Competitors", agent: "researcher-a" },
  { stage: "2.2", name: "Reviews", agent: "researcher-b" },
  { stage: "2.3", name: "Prices", agent: "researcher-a" },
];

function searches(roll: Dice, salt: number): object[] {
  return Array.from({ length: roll(salt, 2, 6) }, (_, call) => ({
    tool_name: call === 0 ? "web_search" : "fetch_page",
    latency_ms: roll(salt + call + 1, 180, 2400),
    success: roll(salt + call + 1, 0, 100) > 4,
  }));
}

/** The three branches, in the order in which they happen to be ready. */
function research(roll: Dice, topic: string): Piece[] {
  return BRANCHES.map((branch, order): Piece => {
    const sources = roll(10 + order, 4, 17);
    return {
      ...branch,
      after: roll(13 + order, 75, 190) * SECOND,
      model: "gpt-5-mini",
      tokens: { input: roll(16 + order, 9000, 31_000), output: roll(19 + order, 700, 2100) },
      reason: "question_delegated",
      more: { payload: { topic, question: branch.name, sources }, tool_calls: searches(roll, 22 + order * 7) },
    };
  }).sort((a, b) => a.after - b.after);
}

function plan(roll: Dice, topic: string): Piece {
  const says = { start: "yes" };
  const tokens = { input: roll(1, 1400, 2600), output: roll(2, 300, 800) };
  const more = { payload: { topic, questions: BRANCHES.map(({ name }) => name) } };
  return { after: 0, stage: "1", name: "Plan", agent: "planner", model: "claude-opus-4-5", tokens, says, more };
}

function draft(roll: Dice, { after, version }: { after: number; version: number }): Piece {
  const tokens = { input: roll(44 + version, 6000, 12_000), output: roll(46 + version, 1500, 3200) };
  return {
    after,
    stage: "3",
    name: "Write report",
    agent: "writer",
    model: "claude-sonnet-4-5",
    tokens,
    reason: version === 1 ? "sources_collected" : "needs_revision",
    more: { payload: { version, words: Math.round(tokens.output * 0.7) } },
  };
}

function review(roll: Dice, { after, version, isGood }: { after: number; version: number; isGood: boolean }): Piece {
  return {
    after,
    stage: "4",
    name: "Review",
    agent: "reviewer",
    model: "claude-opus-4-5",
    tokens: { input: roll(50 + version, 4000, 7000), output: roll(52 + version, 120, 600) },
    reason: "draft_ready",
    ...(isGood && { says: { final: "yes" } }),
    more: {
      payload: isGood
        ? { verdict: "approved", version }
        : { verdict: "rejected", version, why: "Two prices have no source." },
    },
  };
}

/** Pieces of a run up to its first review. */
function firstTry(roll: Dice, topic: string, isGood: boolean): Piece[] {
  const written = roll(40, 250, 330) * SECOND;
  const after = written + roll(41, 40, 90) * SECOND;
  const made = [plan(roll, topic), ...research(roll, topic), draft(roll, { after: written, version: 1 })];
  return [...made, review(roll, { after, version: 1, isGood })];
}

/** Pieces of a run that goes well, now and then after a second draft. */
function fullRun(roll: Dice, topic: string): Piece[] {
  const isGood = roll(42, 0, 100) >= 22;
  const first = firstTry(roll, topic, isGood);
  if (isGood) return first;
  const reviewed = first.at(-1)?.after ?? 0;
  return [
    ...first,
    draft(roll, { after: reviewed + 2 * MINUTE, version: 2 }),
    review(roll, { after: reviewed + 3 * MINUTE, version: 2, isGood: true }),
  ];
}

/** The second branch gives up, and says so. */
function givesUp(pieces: Piece[]): Piece[] {
  const error = "The search service answered 429 five times in a row; nothing was found out.";
  const failing = pieces.findIndex(({ stage }) => stage === "2.2");
  return pieces
    .slice(0, failing + 1)
    .map((piece, order) =>
      order === failing ? { ...piece, says: { status: "failed" }, more: { payload: { error } } } : piece,
    );
}

/** Milliseconds after the start at which stages of the run come that is under way when the demonstration is made. */
const NOW: Record<string, number> = {
  "1": 0,
  "2.1": 70 * SECOND,
  "2.2": 145 * SECOND,
  "2.3": 215 * SECOND,
  "3": 7 * MINUTE,
  "4": 10 * MINUTE,
};
const BEGAN = 3 * MINUTE;

const underWay = (roll: Dice, topic: string): Piece[] =>
  firstTry(roll, topic, true)
    .map((piece) => ({ ...piece, after: NOW[piece.stage] ?? piece.after }))
    .sort((a, b) => a.after - b.after);

const EVERY = 3 * HOUR;
/** More than a month, so that costs of every day of one are there. */
const HISTORY = 31 * DAY;
/** How many runs before the one under way the writer never answered. */
const HUNG = 61;

/** Agents that research for the shop every three hours: one run has just failed by itself, the next is under way. */
export const researchAgent: Play = {
  input: {
    kind: "dynamic",
    id: "demo_research_agent",
    name: "Research agent",
    validation_mode: "flexible",
    strict_agents: true,
    grace_period_seconds: null,
    instance_timeout_seconds: 3600,
    channels: [],
    stages: [],
  },
  timeline: (made) => {
    const begins = made - BEGAN;
    const times = occurrences({ kind: "period", timeoutSeconds: EVERY / SECOND }, begins - HISTORY);
    return unfold(times, (began, index) => {
      const ago = Math.round((begins - began) / EVERY);
      const team = TEAMS[index % TEAMS.length] ?? "";
      return piecesOf(index, ago).map((piece) => pieceAt(began, piece, team));
    });
  },
};

/** Whether the shop's own model did it. */
const isTried = ({ stage }: Piece, ago: number): boolean => stage === "2.2" && ago < TRIED && ago % 4 === 2;

/** What happens in a run that began so many runs before the one under way. */
function piecesOf(index: number, ago: number): Piece[] {
  const roll = dice(index);
  const topic = TOPICS[index % TOPICS.length] ?? "";
  if (ago === 0) return underWay(roll, topic);
  const pieces = fullRun(roll, topic).map((piece) => (isTried(piece, ago) ? { ...piece, model: OWN_MODEL } : piece));
  if (ago === 1) return givesUp(pieces);
  return ago === HUNG ? pieces.filter(({ stage }) => stage !== "3" && stage !== "4") : pieces;
}
