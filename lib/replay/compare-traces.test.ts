import { beforeAll, expect, test } from "vitest";
import { newSpanId, type PlainSpan } from "@/lib/testing/otlp";
import { instanceOf, postSpans, TestTrace } from "@/lib/testing/traces";
import { makeWorld, type World } from "@/lib/testing/world";
import { readComparison } from "./compare-queries";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

type Script = { answer: string; query: string; hasFailed?: boolean; refusal?: string };
const SCRIPT: Script = { answer: "It is dear.", query: "prices" };

const said = (message: object): string => JSON.stringify([message]);

/** What a call of a model is told with, of which every run has its own. */
const own = (): Record<string, string | number> => ({
  "gen_ai.response.id": `chatcmpl-${newSpanId()}`,
  "gen_ai.conversation.id": newSpanId(),
  "gen_ai.agent.id": newSpanId(),
  "gen_ai.agent.name": "shopper",
  "gen_ai.response.time_to_first_chunk": Math.random(),
});

/** An agent that asks a model, searches, and asks again with what was found. */
function spansOf(trace: TestTrace, { answer, query, hasFailed = false, refusal = "no network" }: Script): PlainSpan[] {
  const call = `call_${newSpanId()}`;
  const asked = { role: "user", parts: [{ type: "text", content: "What does it cost?" }] };
  const calling = { role: "assistant", parts: [{ type: "tool_call", id: call, name: "search", arguments: { id: 7 } }] };
  const found = { role: "tool", parts: [{ type: "tool_call_response", id: call, response: { order_id: 7 } }] };
  const tool = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": "search",
    "gen_ai.tool.call.id": call,
    "gen_ai.tool.call.arguments": JSON.stringify({ query, customer_id: 7 }),
    "gen_ai.tool.call.result": JSON.stringify([{ id: 1, price: 5 }]),
  };
  const lasting = { endMs: Date.now() + Math.round(Math.random() * 1000) };
  return [
    trace.chat({
      ...lasting,
      attributes: { ...own(), "gen_ai.input.messages": said(asked), "gen_ai.output.messages": said(calling) },
    }),
    trace.span("execute_tool search", {
      ...lasting,
      attributes: tool,
      ...(hasFailed && { status: { code: 2, message: refusal } }),
    }),
    trace.chat({
      ...lasting,
      attributes: {
        ...own(),
        "gen_ai.input.messages": JSON.stringify([asked, calling, found]),
        "gen_ai.output.messages": said({ role: "assistant", parts: [{ type: "text", content: answer }] }),
      },
    }),
    trace.root({ endMs: Date.now() + 2000 }),
  ];
}

/** Runs the agent, and gives the id of its instance. */
async function told(script: Partial<Script> = {}): Promise<string> {
  const trace = new TestTrace();
  const spans = spansOf(trace, { ...SCRIPT, ...script });
  expect((await postSpans(world.key, { service: "shopper", spans })).status).toBe(200);
  return (await instanceOf(world, trace.traceId)).id;
}
const comparison = async (a: string, b: string) => (await readComparison(world.project.caller, a, b)).comparison;

test("two runs that did the same are the same, whatever ids and times they have", async () => {
  const { steps, divergence_step } = await comparison(await told(), await told());
  expect(steps.map(({ kind, changes }) => [kind, changes])).toEqual(Array.from({ length: 3 }, () => ["same", []]));
  expect(divergence_step).toBeNull();
});

test("another answer is another output, and nothing but it is told", async () => {
  const { steps, divergence_step } = await comparison(await told(), await told({ answer: "It is cheap." }));
  expect(divergence_step).toBe(2);
  expect(steps[2]).toMatchObject({
    class: "output",
    changes: ["payload"],
    payload_changes: [{ path: "/output/0/parts/0/content", before: "It is dear.", after: "It is cheap." }],
  });
});

test("a tool that is asked something else got another input, and one that failed is an error", async () => {
  const asked = await comparison(await told(), await told({ query: "offers" }));
  expect(asked.steps[1]).toMatchObject({ class: "input", payload_changes: [{ path: "/input/query" }] });
  const failed = await comparison(await told(), await told({ hasFailed: true }));
  expect(failed.steps[1]).toMatchObject({ class: "error", changes: ["status", "status_text", "tool_calls"] });
  const refused = await comparison(await told({ hasFailed: true }), await told({ hasFailed: true, refusal: "busy" }));
  expect(refused.steps[1]).toMatchObject({ class: "output", changes: ["status_text"] });
});
