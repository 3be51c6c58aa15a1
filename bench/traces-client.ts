import { once } from "node:events";
import { Agent, request } from "node:http";
import { gzipSync } from "node:zlib";
import { jsonRequest, newSpanId, newTraceId, type Plain, type PlainSpan, protobufRequest } from "@/lib/testing/otlp";
import type { TracesJob, TracesResult } from "./children";

// A program of its own: makes the batches it is told to, sends them over some connections, answers with how fast it went.

const SPANS_PER_TRACE = 16;
const WORDS = "the agent looked up where orders of last week went and found three that nobody had paid for yet".split(
  " ",
);

const random = (below: number): number => Math.floor(Math.random() * below);
const prose = (words: number): string => Array.from({ length: words }, () => WORDS[random(WORDS.length)]).join(" ");
const messages = (role: string, words: number): string =>
  JSON.stringify([{ role, parts: [{ type: "text", content: prose(words) }] }]);

const chat = (): Record<string, Plain> => ({
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": ["gpt-4o", "gpt-4o-mini", "o3"][random(3)] ?? "",
  "gen_ai.response.model": "gpt-4o-2024-11-20",
  "gen_ai.response.id": `chatcmpl-${newSpanId()}`,
  "gen_ai.response.finish_reasons": ["stop"],
  "gen_ai.usage.input_tokens": random(4000),
  "gen_ai.usage.output_tokens": random(800),
  "gen_ai.agent.name": "Researcher",
  "gen_ai.input.messages": messages("user", 50),
  "gen_ai.output.messages": messages("assistant", 40),
});

const tool = (): Record<string, Plain> => ({
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": ["web_search", "sql", "send_mail"][random(3)] ?? "",
  "gen_ai.tool.call.id": `call_${newSpanId()}`,
  "gen_ai.agent.name": "Researcher",
  "gen_ai.tool.call.arguments": JSON.stringify({ query: prose(20), limit: random(100) }),
  "gen_ai.tool.call.result": JSON.stringify({
    rows: Array.from({ length: 5 }, () => ({ id: random(1e6), text: prose(12) })),
  }),
});

function traceSpans(): PlainSpan[] {
  const traceId = newTraceId();
  const rootId = newSpanId();
  const startMs = Date.now() - 60_000;
  const inner = Array.from({ length: SPANS_PER_TRACE - 1 }, (_, at): PlainSpan => {
    const attributes = at % 5 < 3 ? chat() : tool();
    const own = { traceId, spanId: newSpanId(), parentSpanId: rootId, attributes };
    return { ...own, name: "step", startMs: startMs + at * 1000, endMs: startMs + at * 1000 + 900 };
  });
  const attributes = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Researcher" };
  return [...inner, { traceId, spanId: rootId, name: "agent", startMs, endMs: startMs + 20_000, attributes }];
}

function batch({ format, spansPerBatch, services }: TracesJob, number: number): { body: Buffer; bytes: number } {
  const traces = Math.ceil(spansPerBatch / SPANS_PER_TRACE);
  const spans = Array.from({ length: traces }, traceSpans).flat();
  const asked = [{ resource: { "service.name": `agent-${number % services}` }, spans }];
  const body = format === "protobuf" ? protobufRequest(asked) : Buffer.from(JSON.stringify(jsonRequest(asked)));
  return { body: gzipSync(body, { level: 1 }), bytes: body.length };
}

async function send({ port, key, format }: TracesJob, agent: Agent, body: Buffer): Promise<number> {
  const type = format === "protobuf" ? "application/x-protobuf" : "application/json";
  const headers = { "Content-Type": type, "Content-Encoding": "gzip", "Content-Length": body.length };
  const asked = request({
    port,
    host: "127.0.0.1",
    path: `/otlp/${key}/v1/traces`,
    method: "POST",
    agent,
    headers,
  }).end(body);
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  // Also a partial success is a failure here.
  return answer.statusCode === 200 && Buffer.concat(chunks).length <= 2
    ? 200
    : answer.statusCode === 200
      ? 0
      : answer.statusCode;
}

process.once("message", async (job: TracesJob) => {
  const made = Array.from({ length: job.batches }, (_, number) => batch(job, number));
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const latencies: number[] = [];
  let failures = 0;
  let next = 0;
  const began = performance.now();
  const worker = async (): Promise<void> => {
    for (let one = made[next++]; one !== undefined; one = made[next++]) {
      const sentAt = performance.now();
      if ((await send(job, agent, one.body)) !== 200) failures += 1;
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: job.connections }, worker));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  const spans = job.batches * Math.ceil(job.spansPerBatch / SPANS_PER_TRACE) * SPANS_PER_TRACE;
  const result: TracesResult = {
    spans,
    failures,
    perSecond: spans / seconds,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    bytesPerSpan: made.reduce((sum, { bytes }) => sum + bytes, 0) / spans,
  };
  process.send?.(result, () => process.exit(0));
});
process.send?.("ready");
