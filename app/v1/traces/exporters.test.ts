import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { context, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { lanes } from "@/app/lanes";
import { takeLane } from "@/lib/boot/lanes";
import { instanceOf, stepsOf } from "@/lib/testing/traces";
import { makeWorld, type World } from "@/lib/testing/world";

let world: World;
let server: Server;
let origin: string;

beforeAll(async () => {
  world = await makeWorld();
  server = createServer((req, res) => {
    if (!takeLane(lanes, req, res)) res.writeHead(418).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has no other kind
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** An agent as people instrument it; gives the id of its trace once everything has been exported. */
async function run(exporter: SpanExporter): Promise<string> {
  const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer("agent");
  const root = tracer.startSpan("invoke_agent Planner", {
    attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "Planner" },
  });
  const inside = trace.setSpan(context.active(), root);
  const model = { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o" };
  for (const count of [1, 2]) {
    const chat = tracer.startSpan("chat gpt-4o", { attributes: model }, inside);
    chat.setAttributes({
      "gen_ai.usage.input_tokens": 100 * count,
      "gen_ai.usage.output_tokens": 10,
      "gen_ai.input.messages": JSON.stringify([
        { role: "user", parts: [{ type: "text", content: `Frage ${count} 𠀀` }] },
      ]),
    });
    chat.end();
  }
  const tool = tracer.startSpan(
    "execute_tool web_search",
    { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "web_search" } },
    inside,
  );
  tool.setStatus({ code: SpanStatusCode.ERROR, message: "no network" });
  tool.end();
  tracer.startSpan("GET https://example.com", {}, inside).end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();
  return root.spanContext().traceId;
}

afterEach(() => {
  vi.unstubAllEnvs();
});

/** An exporter that is told nothing but what its environment says. */
function byEnvironment<T>(Exporter: new () => T): T {
  vi.stubEnv("OTEL_EXPORTER_OTLP_ENDPOINT", `${origin}/otlp/${world.project.pingKey}`);
  return new Exporter();
}

test.each([
  ["JSON by one environment variable", () => byEnvironment(JsonExporter)],
  ["protobuf by one environment variable", () => byEnvironment(ProtobufExporter)],
  ["JSON", () => new JsonExporter({ url: `${origin}/otlp/${world.project.pingKey}/v1/traces` })],
  [
    "JSON in gzip",
    () => new JsonExporter({ url: `${origin}/otlp/${world.project.pingKey}/v1/traces`, compression: GZIP }),
  ],
  [
    "protobuf",
    () => new ProtobufExporter({ url: `${origin}/v1/traces`, headers: { Authorization: `Bearer ${world.key}` } }),
  ],
  [
    "protobuf in gzip",
    () =>
      new ProtobufExporter({ url: `${origin}/otlp/v1/traces`, headers: { "x-api-key": world.key }, compression: GZIP }),
  ],
])("the exporter of OpenTelemetry in %s, unmodified", async (_form, exporterOf) => {
  const traceId = await run(exporterOf());
  const steps = await stepsOf(world, traceId);
  expect(steps.map((step) => [step.stage_name, step.status, step.input_tokens])).toEqual([
    ["chat gpt-4o", "success", 100],
    ["chat gpt-4o", "success", 200],
    ["execute_tool web_search", "failed", null],
    ["invoke_agent Planner", "success", null],
  ]);
  expect(steps[1].payload.input).toEqual([{ role: "user", parts: [{ type: "text", content: "Frage 2 𠀀" }] }]);
  expect(steps[2]).toMatchObject({
    status_text: "no network",
    tool_calls: [{ tool_name: "web_search", success: false }],
  });
  expect(await instanceOf(world, traceId)).toMatchObject({ status: "completed", n_steps: 4, agent_code: "Planner" });
});

test("who sends too much over a connection hears so", async () => {
  const large = Buffer.alloc(66 * 1024 * 1024, " ");
  const headers = { "Content-Type": "application/json", "X-Api-Key": world.key };
  const answer = await fetch(`${origin}/v1/traces`, { method: "POST", headers, body: large });
  expect([answer.status, answer.headers.get("connection")]).toEqual([413, "close"]);
  expect((await fetch(`${origin}/v1/traces`, { method: "POST", headers, body: "{}" })).status).toBe(200);
});

/** The word of the exporters' enumeration, which their packages do not export. */
const GZIP = "gzip" as JsonCompression;
type JsonCompression = NonNullable<NonNullable<ConstructorParameters<typeof JsonExporter>[0]>["compression"]>;
