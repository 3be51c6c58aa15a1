import { isObject, type JsonObject } from "@/lib/core/json-object";
import { type Field, type Names, SEARCHES, SHAPES, type Shape } from "./usage-shapes";

/** What a call used. All of them whole numbers from 0, and 0 where nothing was told. */
export type CanonicalUsage = {
  /** Everything that went in, from a cache and into one too. */
  inputTokens: number;
  cacheReadTokens: number;
  /** All that were written to a cache. */
  cacheWriteTokens: number;
  /** Of these, the ones that stay there for an hour. */
  cacheWrite1hTokens: number;
  /** Everything that came out. */
  outputTokens: number;
  /** Of these, the ones that nobody sees. */
  reasoningTokens: number;
  webSearches: number;
  /** What of these was sound; absent where none was told. */
  audio?: AudioUsage;
};

/** `cacheReadTokens` are some of the input that also are some of what was read from a cache. */
export type AudioUsage = { inputTokens: number; cacheReadTokens: number; outputTokens: number };

type Wrong = { name: string; reason: string };

type Fields = Readonly<JsonObject>;

/** Gemini tells its parts as a list of `{modality, tokenCount}`. */
const ofAudio = (parts: readonly unknown[]): unknown =>
  parts.find((part) => isObject(part) && part["modality"] === "AUDIO");

/** What a field says; null when it is not there. */
function said(usage: Fields, { first, inner }: Field): unknown {
  let value = usage[first];
  for (const name of inner) {
    const told = Array.isArray(value) ? ofAudio(value) : value;
    if (!isObject(told)) return null;
    value = told[name];
  }
  return value ?? null;
}

const tells = (usage: Fields, names: Names): boolean => names.some((field) => said(usage, field) !== null);

/** Gateways answer in two shapes at once, of which one holds nothing but zeros. */
const tellsSome = (usage: Fields, names: Names): boolean => names.some((field) => (said(usage, field) ?? 0) !== 0);

/** The shape of what was sent; undefined when it tells neither what went in nor what came out. */
function shapeOf(usage: Fields): Shape | undefined {
  const fitting = SHAPES.filter(
    ({ marks, input, output }) =>
      (marks === undefined || tells(usage, marks)) && (tells(usage, input) || tells(usage, output)),
  );
  return fitting.find(({ input, output }) => tellsSome(usage, input) || tellsSome(usage, output)) ?? fitting[0];
}

/** Beyond it a number is a mistake, and sums of many would not fit into what stores them. */
const MAX_COUNT = 1e12;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Reads fields, and remembers the first that is wrong. */
class Reader {
  wrong: Wrong | null = null;
  readonly #usage: Fields;

  constructor(usage: Fields) {
    this.#usage = usage;
  }

  count(names: Names | undefined): number {
    for (const field of names ?? []) {
      const value = said(this.#usage, field);
      if (value === null || value === 0) continue;
      if (!isCount(value)) this.refuse(field.name, "must be a whole number from 0");
      else if (value > MAX_COUNT) this.refuse(field.name, `must be at most ${MAX_COUNT}`);
      else return value;
    }
    return 0;
  }

  refuse(name: string, reason: string): void {
    this.wrong ??= { name, reason };
  }

  /** The first of these that is told. */
  named(names: Names): string | undefined {
    return names.find((field) => said(this.#usage, field) !== null)?.name;
  }
}

/** Refuses a part that is more than what it is a part of, by the names of both. */
function requirePart(
  reader: Reader,
  part: { count: number; names: Names | undefined },
  whole: { count: number; names: Names },
): void {
  if (part.count <= whole.count) return;
  const name = reader.named(whole.names);
  const own = reader.named(part.names ?? []);
  if (name === undefined || own === undefined) return;
  reader.refuse(own, `must not be more than ${name}, of which it is a part`);
}

/** Everything that went in. */
function wholeInput(reader: Reader, shape: Shape, parts: { cached: number; audio: number }): number {
  const input = reader.count(shape.input);
  const count = input + reader.count(shape.moreInput);
  if (shape.isCacheApart) return count + parts.cached;
  if (reader.named(shape.input) === undefined) return Math.max(count, parts.cached, parts.audio);
  const whole = { count, names: shape.input };
  requirePart(reader, { count: parts.cached, names: [...shape.cacheRead, ...shape.cacheWrite, ...shape.input] }, whole);
  requirePart(reader, { count: parts.audio, names: shape.audioInput }, whole);
  return count;
}

/** Everything that came out. xAI tells what nobody sees on top of it, in the words of OpenAI, whose total shows it. */
function wholeOutput(reader: Reader, shape: Shape, parts: { reasoning: number; audio: number }): number {
  const { reasoning, audio } = parts;
  const told = reader.count(shape.output);
  requirePart(reader, { count: audio, names: shape.audioOutput }, { count: told, names: shape.output });
  const output = Math.max(told, audio);
  const total = reader.count(shape.total);
  const isOnTop = reasoning > output || total === reader.count(shape.input) + output + reasoning;
  return shape.isReasoningApart || isOnTop ? output + reasoning : output;
}

function readAudio(reader: Reader, shape: Shape, cacheReadTokens: number): AudioUsage {
  const inCache = reader.count(shape.audioCacheRead);
  const cached = { count: cacheReadTokens, names: shape.cacheRead };
  requirePart(reader, { count: inCache, names: shape.audioCacheRead }, cached);
  return {
    inputTokens: reader.count(shape.audioInput),
    cacheReadTokens: inCache,
    outputTokens: reader.count(shape.audioOutput),
  };
}

function read(reader: Reader, shape: Shape): CanonicalUsage {
  const cacheReadTokens = reader.count(shape.cacheRead);
  const cacheWrite1hTokens = reader.count(shape.cacheWrite1h);
  const parts = reader.count(shape.cacheWrite5m) + cacheWrite1hTokens;
  const cacheWriteTokens = Math.max(reader.count(shape.cacheWrite), parts);
  const reasoningTokens = reader.count(shape.reasoning);
  const audio = readAudio(reader, shape, cacheReadTokens);
  const cached = cacheReadTokens + cacheWriteTokens;
  return {
    inputTokens: wholeInput(reader, shape, { cached, audio: audio.inputTokens }),
    cacheReadTokens,
    cacheWriteTokens,
    cacheWrite1hTokens,
    outputTokens: wholeOutput(reader, shape, { reasoning: reasoningTokens, audio: audio.outputTokens }),
    reasoningTokens,
    webSearches: reader.count(SEARCHES),
    ...(audio.inputTokens + audio.outputTokens > 0 && { audio }),
  };
}

/** What a usage tells, and the first field of it that cannot be, as it is named within it: `prompt_tokens_details.cached_tokens`. */
export type ReadUsage = { told: CanonicalUsage | null; wrong: Wrong | null };

const NO_USAGE: ReadUsage = { told: null, wrong: null };

/**
 * What a call used, in whichever words it is told: of Anthropic, OpenAI, Gemini, Bedrock, the AI SDK, LangChain, PingPulse, or
 * as spans are stored. `told` is null when it does not tell what went in or came out, or when something is `wrong`: tokens
 * that are no whole numbers from 0, and more from a cache or more sound than there was of what it is a part of. Fields that
 * have no meaning here are never wrong.
 */
export function readUsage(usage: unknown): ReadUsage {
  if (!isObject(usage)) return NO_USAGE;
  const reader = new Reader(usage);
  const shape = shapeOf(usage);
  if (shape === undefined) {
    // Whatever shape it was meant to be.
    for (const each of SHAPES) read(reader, each);
    return { told: null, wrong: reader.wrong };
  }
  const told = read(reader, shape);
  return reader.wrong === null ? { told, wrong: null } : { told: null, wrong: reader.wrong };
}
