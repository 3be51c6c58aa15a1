import { isObject, type JsonObject } from "@/lib/core/json-object";
import { scanJson } from "@/lib/core/json-scan";
import { put } from "@/lib/traces/span";

/** Names of ids, of moments, and of how long something took, as conventions for spans write them. */
const ID = /(?:^|[._])id$|[a-z]Id$/;
const MOMENT =
  /[tT]imestamp|(?:^|[._])(?:time|created)$|(?:created|started|ended|finished|completed)(?:_at|At)$|[a-z]Time$/;
const TOOK = /time_to_|[._]msTo[A-Z]|[dD]uration|[lL]atency|per_second$|PerSecond$/;
/** Of ids those that somebody chose: another one of them is another thing that was done. */
const CHOSEN = /(?:model|function|deployment|guardrail|data_source|knowledge_base)(?:[._]id|Id)$/;

/** Whether what has this name is another one in each run: an id, a moment or how long something took. */
const isPassing = (name: string): boolean =>
  (ID.test(name) && !CHOSEN.test(name)) || MOMENT.test(name) || TOOK.test(name);

/** What is left out of an object, and in which of its members messages may lie. */
type Kind = { passing: RegExp; holders: ReadonlySet<string> };

/** Calls of tools and their results. What they hold is the tool's own, ids as well. */
const CALL: Kind = { passing: /^(?:id|(?:tool_)?call_id|tool_use_id|toolCallId)$/, holders: new Set() };
/** Messages, also those whose calls are told a field at a time: `tool_calls.0.id`. */
const MESSAGE: Kind = {
  passing: /^(?:id|tool_call_id|tool_calls\.\d+\.(?:tool_call\.)?id)$/,
  holders: new Set(["parts", "content", "tool_calls", "message"]),
};
/** The whole answer of a model's API. */
const ANSWER: Kind = {
  passing: /^(?:id|created|created_at|completed_at)$/,
  holders: new Set(["choices", "output"]),
};
const OTHER: Kind = {
  passing: /^(?:tool_call_id|tool_calls\.\d+\.(?:tool_call\.)?id)$/,
  holders: new Set(["messages", "message", "parts", "content", "tool_calls", "choices"]),
};

const CALL_TYPE = /^(?:\w*tool[_-](?:call|use|result)\w*|\w+_call(?:_output)?|function)$/;
const ROLE = /^(?:system|developer|user|assistant|tool|function|human|ai|model)$/;

const isCall = (value: unknown): boolean =>
  isObject(value) && (CALL_TYPE.test(String(value["type"])) || isObject(value["function"]) || "toolCallId" in value);
const isMessage = ({ role, type }: JsonObject): boolean =>
  (typeof role === "string" && ROLE.test(role)) || type === "message" || type === "reasoning";

function kindOf(value: JsonObject): Kind {
  if (isCall(value)) return CALL;
  if (isMessage(value)) return MESSAGE;
  return Array.isArray(value["choices"]) || typeof value["object"] === "string" ? ANSWER : OTHER;
}

/** What a tool said is its own, unless it lies in parts that name its call. */
const isToolsOwn = ({ role }: JsonObject, content: unknown): boolean =>
  (role === "tool" || role === "function") && !(Array.isArray(content) && content.every(isCall));

const MAX_LEVELS = 100;
/** Few texts have something in them that is worth to be parsed. */
const HAS_CALLS = /"(?:tool[_-]|toolCall|call_id|choices)/;

/** Messages as JSON in a text; any other text as it is. */
function textEssence(text: string): string {
  const isJson = HAS_CALLS.test(text) && scanJson(text, MAX_LEVELS) === "json";
  return isJson ? JSON.stringify(messagesEssence(JSON.parse(text))) : text;
}

/** A copy of an object with other values, without what a name says is to be left out. */
function copyOf(
  value: JsonObject,
  isLeftOut: (name: string) => boolean,
  essence: (member: unknown, name: string) => unknown,
) {
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) if (!isLeftOut(name)) put(copy, name, essence(value[name], name));
  return copy;
}

/** Messages without their ids and those of tool calls; what holds no messages as it is. */
function messagesEssence(value: unknown): unknown {
  if (typeof value === "string") return textEssence(value);
  if (Array.isArray(value)) return value.map(messagesEssence);
  if (!isObject(value)) return value;
  const { passing, holders } = kindOf(value);
  const isHolder = (name: string, member: unknown): boolean =>
    holders.has(name) && !(name === "content" && isToolsOwn(value, member));
  return copyOf(
    value,
    (name) => passing.test(name),
    (member, name) => (isHolder(name, member) ? messagesEssence(member) : member),
  );
}

const isNever = (): boolean => false;
const itself = (value: unknown): unknown => value;

/** What is known of a step, as far as it says what its payload is. */
type Told = { payload: unknown; toolCalls: unknown; isSpan: boolean };

/**
 * What of a payload says what a step did. Spans are told with ids and times, of which each run has its own: these are left
 * out. What a tool took and gave is its own and stays, and so does every payload that came with a signal. Pure.
 */
export function payloadEssence({ payload, toolCalls, isSpan }: Told): unknown {
  if (!isSpan || !isObject(payload)) return payload;
  const essence = toolCalls === null ? messagesEssence : itself;
  return copyOf(payload, isNever, (part, name) => {
    if (name === "attributes") return isObject(part) ? copyOf(part, isPassing, essence) : part;
    return name === "input" || name === "output" ? essence(part) : part;
  });
}

/** What tool calls of a step say of what it did: all but ids and times; null where it made none. Pure. */
export function callsEssence(calls: unknown): unknown {
  if (!Array.isArray(calls)) return calls ?? null;
  if (calls.length === 0) return null;
  return calls.map((call: unknown) =>
    isObject(call) ? copyOf(call, (name) => isPassing(name) || call[name] === null, itself) : call,
  );
}
