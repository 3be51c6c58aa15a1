import type { Attributes, Span } from "./span";

/**
 * What a span stands for. A `call` is one call of a model, which alone carries tokens and costs; a `tool` one call of a
 * tool; a `parent` holds others, whose totals it may repeat; of `other` it is not known which of these it is.
 */
export type Role = "call" | "tool" | "parent" | "other";

/** `target` is the model, tool, agent or workflow by name. */
export type Operation = { role: Role; name: string | null; target: string | null };

/** The first of these attributes that holds text. */
export function textIn(attributes: Attributes, names: readonly string[]): string | null {
  for (const name of names) {
    const value = attributes[name];
    if (typeof value === "string" && value.trim() !== "") return value.trim();
  }
  return null;
}

/** What `gen_ai.operation.name` says, and what others mean by their own words. */
const ROLES = new Map<string, Role>([
  ["chat", "call"],
  ["text_completion", "call"],
  ["generate_content", "call"],
  ["embeddings", "call"],
  ["rerank", "call"],
  ["execute_tool", "tool"],
  ["retrieval", "tool"],
  ["create_agent", "parent"],
  ["invoke_agent", "parent"],
  ["invoke_workflow", "parent"],
  ["chain", "parent"],
  ["plan", "parent"],
]);

type Words = readonly [attribute: string, meanings: ReadonlyMap<string, string>];

/** How other conventions name operations: OpenInference, OpenLLMetry, Langfuse. */
const WORDS: readonly Words[] = [
  [
    "openinference.span.kind",
    new Map([
      ["llm", "chat"],
      ["embedding", "embeddings"],
      ["reranker", "rerank"],
      ["tool", "execute_tool"],
      ["retriever", "retrieval"],
      ["agent", "invoke_agent"],
      ["chain", "chain"],
      ["guardrail", "guardrail"],
      ["evaluator", "evaluator"],
      ["prompt", "prompt"],
    ]),
  ],
  [
    "llm.request.type",
    new Map([
      ["chat", "chat"],
      ["completion", "text_completion"],
      ["embedding", "embeddings"],
      ["rerank", "rerank"],
    ]),
  ],
  [
    "traceloop.span.kind",
    new Map([
      ["workflow", "invoke_workflow"],
      ["agent", "invoke_agent"],
      ["tool", "execute_tool"],
      ["task", "chain"],
    ]),
  ],
  [
    "langfuse.observation.type",
    new Map([
      ["generation", "chat"],
      ["embedding", "embeddings"],
      ["tool", "execute_tool"],
      ["retriever", "retrieval"],
      ["agent", "invoke_agent"],
      ["chain", "chain"],
      ["span", "chain"],
    ]),
  ],
];

/** The AI SDK of Vercel: what calls a provider ends in `.doGenerate` and the like; what holds such calls does not. */
function aiSdk(id: string | null): string | null {
  if (id === null) return null;
  if (id === "ai.toolCall") return "execute_tool";
  if (/\.doEmbed$/.test(id)) return "embeddings";
  return /\.do[A-Z]\w*$/.test(id) ? "chat" : "invoke_agent";
}

const OPERATIONS = ["gen_ai.operation.name"];
const AI_SDK = ["ai.operationId"];

function wordOf(attributes: Attributes): string | null {
  const said = textIn(attributes, OPERATIONS);
  if (said !== null) return said;
  for (const [attribute, meanings] of WORDS) {
    const word = textIn(attributes, [attribute]);
    const meant = word === null ? undefined : meanings.get(word.toLowerCase());
    if (meant !== undefined) return meant;
  }
  return aiSdk(textIn(attributes, AI_SDK));
}

/** What tells of each, by its name. */
const TOOLS = ["gen_ai.tool.name", "tool.name", "ai.toolCall.name", "tool_call.function.name"];
const SOURCES = [...TOOLS, "traceloop.entity.name", "gen_ai.data_source.id"];
const AGENTS = ["gen_ai.agent.name", "agent.name", "llm.agent.name", "gen_ai.agent.id"];
const PARENTS = ["gen_ai.agent.name", "agent.name", "gen_ai.workflow.name", "traceloop.entity.name"];
const ASKED = [
  "gen_ai.request.model",
  "gen_ai.response.model",
  "llm.model_name",
  "llm.request.model",
  "embedding.model_name",
  "ai.model.id",
];
const ANSWERING = ["gen_ai.response.model", "llm.response.model", "ai.response.model", ...ASKED];
const PROVIDERS = ["gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system", "ai.model.provider"];

/** Begins of names that only spans about models, agents and tools have. */
const TELLING =
  /^(?:gen_ai\.|llm\.|openinference\.|traceloop\.(?:span|entity)\.|tool\.|tool_call\.|langfuse\.observation\.|agent\.name$|graph\.node\.|ai\.(?:operationId|model|usage|toolCall|prompt|response|settings|values?|embeddings?)\b)/;
/** What is passed on to every span of a conversation tells nothing of this one. */
const PASSED_ON = new Set(["gen_ai.conversation.id"]);

function isTelling(attributes: Attributes): boolean {
  for (const name in attributes) if (TELLING.test(name) && !PASSED_ON.has(name)) return true;
  return false;
}

const TARGETS: Readonly<Record<Role, readonly string[]>> = {
  call: ASKED,
  tool: SOURCES,
  parent: PARENTS,
  other: PARENTS,
};

/** The model that answered, else the one that was asked for. */
export const modelOf = (attributes: Attributes): string | null => textIn(attributes, ANSWERING);

/** Who acted, by name; null when it is not told. */
export const agentOf = (attributes: Attributes): string | null => textIn(attributes, AGENTS);

/** Who provides the model. */
export const providerOf = (attributes: Attributes): string | null => textIn(attributes, PROVIDERS);

/** What a span stands for; null when it is about no model, agent or tool. */
export function operationOf({ attributes }: Pick<Span, "attributes">): Operation | null {
  const said = wordOf(attributes);
  if (said !== null) {
    const role = ROLES.get(said.toLowerCase()) ?? "other";
    return { role, name: said, target: textIn(attributes, TARGETS[role]) };
  }
  if (!isTelling(attributes)) return null;
  const tool = textIn(attributes, TOOLS);
  return tool === null
    ? { role: "other", name: null, target: null }
    : { role: "tool", name: "execute_tool", target: tool };
}

const NAME_LENGTH = 200;

/** What steps of its kind are called, such as `chat gpt-4o`: the same in every trace, so that traces can be compared. */
export function stepName({ name, target, role }: Operation, spanName: string): string {
  const known = name !== null && target !== null && role !== "other" ? `${name} ${target}` : spanName.trim();
  const whole = known || name || "unnamed";
  return whole.length <= NAME_LENGTH ? whole : [...whole].slice(0, NAME_LENGTH).join("");
}
