import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { newSpanId, newTraceId, type PlainSpan } from "@/lib/testing/otlp";
import { instanceOf, postRequest, postSpans, stepsOf, TestTrace } from "@/lib/testing/traces";
import { makeWorld, type World } from "@/lib/testing/world";
import { commitSpans } from "./commit";
import { tell } from "./gen-ai";
import { MAX_STAGES } from "./stages";

let world: World;
beforeAll(async () => {
  world = await makeWorld();
});

const fresh = (): string => `agent-${newSpanId()}`;
const send = async (service: string, spans: PlainSpan[]) => {
  const answer = await postSpans(world.key, { service, spans });
  expect(answer).toMatchObject({ status: 200, body: {} });
};
const ordinals = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const alertsOf = async (workflowId: string) => {
  const { rows } = await pool().query<{ type: string; message: string }>(
    "SELECT type, message FROM alerts WHERE project_id = $1 AND subject_id = $2 ORDER BY id",
    [world.project.id, workflowId],
  );
  return rows;
};

describe("a trace", () => {
  test("becomes an instance of the workflow of its service, with a step for each span about models, tools and agents", async () => {
    const service = fresh();
    const trace = new TestTrace();
    const tool = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search" };
    const usage = { "gen_ai.usage.input_tokens": 10, "gen_ai.usage.output_tokens": 2, "gen_ai.usage.cost": 0.25 };
    await send(service, [
      trace.chat({ attributes: { ...usage, "gen_ai.agent.name": "a" } }),
      trace.span("GET /", { attributes: { "http.request.method": "GET" } }),
      trace.span("execute_tool search", { attributes: tool, status: { code: 2, message: "no" } }),
    ]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({
      status: "running",
      workflow_id: service,
      n_steps: 2,
    });
    await send(service, [trace.chat({ attributes: { ...usage, "gen_ai.agent.name": "b" } }), trace.root()]);
    const instance = await instanceOf(world, trace.traceId);
    expect(instance).toMatchObject({ status: "completed", n_steps: 3, cost_micros: 500_000, agent_code: "a", top: 2 });
    expect(instance.in_order).toBe(true);
    const steps = await stepsOf(world, trace.traceId);
    expect(steps.map((step) => [step.ordinal, step.path, step.stage_name, step.status, step.cost_micros])).toEqual([
      [0, "1", "chat gpt-4o", "success", 250_000],
      [1, "2", "execute_tool search", "failed", null],
      [2, "1", "chat gpt-4o", "success", 250_000],
    ]);
    expect(steps[0]).toMatchObject({
      input_tokens: 10,
      output_tokens: 2,
      response_time_ms: 100,
      parent_span_id: trace.rootId,
    });
    const handed = await pool().query("SELECT from_agent, to_agent FROM handoffs WHERE instance_id = $1", [
      instance.id,
    ]);
    expect(handed.rows).toEqual([{ from_agent: "a", to_agent: "b" }]);
  });

  test("fails when its root says so, with an alert", async () => {
    const service = fresh();
    const trace = new TestTrace();
    await send(service, [trace.chat(), trace.root({ status: { code: 2, message: "out of money" } })]);
    const failure_reason = "Trace failed: out of money";
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "failed", failure_reason });
    expect(await alertsOf(service)).toMatchObject([{ type: "workflow.failed" }]);
  });

  test("keeps what comes after its root, and stays ended", async () => {
    const trace = new TestTrace();
    const service = fresh();
    await send(service, [trace.chat(), trace.root()]);
    await send(service, [trace.chat(), trace.root({ status: { code: 2 } })]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "completed", n_steps: 2 });
    expect(await stepsOf(world, trace.traceId)).toHaveLength(2);
  });

  test("ends at once when its root came before its first step", async () => {
    const trace = new TestTrace();
    await send("front", [trace.root({ status: { code: 2, message: "late" } })]);
    expect(await instanceOf(world, trace.traceId)).toBeUndefined();
    await send(fresh(), [trace.chat()]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "failed", n_steps: 1 });
  });

  test("about nothing of the kind leaves nothing behind", async () => {
    const trace = new TestTrace();
    const service = fresh();
    await send(service, [trace.span("GET /"), trace.root()]);
    expect(await instanceOf(world, trace.traceId)).toBeUndefined();
    expect((await pool().query("SELECT FROM workflows WHERE id = $1", [service])).rowCount).toBe(0);
  });

  test("of several services is one instance, of the one that told of it first", async () => {
    const trace = new TestTrace();
    const [first, second] = [fresh(), fresh()];
    await send(first, [trace.chat()]);
    await send(second, [trace.chat(), trace.root()]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({
      workflow_id: first,
      status: "completed",
      n_steps: 2,
    });
  });

  test("names its workflow by a resource attribute", async () => {
    const trace = new TestTrace();
    const resource = { "service.name": "x", "pulsetrail.workflow": "Nightly: report / EU" };
    await postRequest(world.key, [{ resource, spans: [trace.chat()] }]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ workflow_id: "Nightly-report-EU" });
    const { rows } = await pool().query("SELECT name, kind FROM workflows WHERE project_id = $1 AND id = $2", [
      world.project.id,
      "Nightly-report-EU",
    ]);
    expect(rows).toEqual([{ name: "Nightly: report / EU", kind: "dynamic" }]);
  });

  test("times far from the database's clock are not believed", async () => {
    const trace = new TestTrace();
    const far = { startMs: Date.now() + 86_400_000, endMs: Date.now() + 86_400_500 };
    await send(fresh(), [trace.chat(far), trace.chat({ startMs: 0, endMs: 0 }), trace.chat({ startMs: 1, endMs: 2 })]);
    const [future, none, past] = (await stepsOf(world, trace.traceId)).map(
      ({ at }): number => at.getTime() - Date.now(),
    );
    expect(future).toBeLessThanOrEqual(60_000);
    expect(Math.abs(none ?? Number.NaN)).toBeLessThan(60_000);
    expect(past).toBeLessThan(-29 * 86_400_000);
  });

  test("NUL, half characters and numbers without end do not harm the spans beside them", async () => {
    const trace = new TestTrace();
    const nasty = { "gen_ai.agent.name": "a\0b", "gen_ai.prompt": '{"a":"\\u0000\\ud800","b":1e999}', "\0": "\ud800" };
    await send(fresh(), [trace.chat({ attributes: nasty, name: "\0" }), trace.chat()]);
    expect(await stepsOf(world, trace.traceId)).toHaveLength(2);
  });
});

describe("twice", () => {
  test("the same request stores nothing twice", async () => {
    const trace = new TestTrace();
    const service = fresh();
    const cost = { "gen_ai.usage.cost": 1 };
    const root = trace.root({ status: { code: 2 } });
    const spans = [trace.chat({ attributes: cost }), trace.chat({ attributes: cost }), root];
    await send(service, spans);
    await send(service, [...spans, trace.chat()]);
    await send(service, spans);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ n_steps: 3, cost_micros: 2_000_000 });
    expect((await stepsOf(world, trace.traceId)).map(({ ordinal }) => ordinal)).toEqual(ordinals(3));
    expect(await alertsOf(service)).toHaveLength(1);
  });

  test("the same span twice in a request is one", async () => {
    const trace = new TestTrace();
    const span = trace.chat();
    await send(fresh(), [span, span]);
    expect(await stepsOf(world, trace.traceId)).toHaveLength(1);
  });

  test("the same request sent at once by many stores nothing twice", async () => {
    const trace = new TestTrace();
    const service = fresh();
    const spans = [trace.chat(), trace.chat(), trace.root()];
    await Promise.all(Array.from({ length: 10 }, () => send(service, spans)));
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ n_steps: 2, status: "completed" });
    expect(await stepsOf(world, trace.traceId)).toHaveLength(2);
  });
});

describe("at once", () => {
  test("requests of one trace from several services make one instance without gaps", async () => {
    const trace = new TestTrace();
    const services = Array.from({ length: 5 }, fresh);
    await Promise.all(services.flatMap((service) => [1, 2, 3].map(() => send(service, [trace.chat(), trace.chat()]))));
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ n_steps: 30 });
    expect((await stepsOf(world, trace.traceId)).map(({ ordinal }) => ordinal)).toEqual(ordinals(30));
  });

  test("transactions that begin the same trace in different workflows end as one instance", async () => {
    const trace = new TestTrace();
    const batch = (workflow: string) => {
      const { startMs, endMs, spanId } = trace.chat();
      const attributes = { "gen_ai.operation.name": "chat" };
      const own = { traceId: trace.traceId, spanId, parentSpanId: null, name: "chat", startMs, endMs };
      const told = tell({ ...own, attributes, events: [], isError: false, statusMessage: "" });
      const named = { id: workflow, name: workflow };
      return {
        projectId: world.project.id,
        actor: "test",
        workflow: named,
        spans: [{ ...told, root: null }],
        bytes: 1,
      };
    };
    const services = Array.from({ length: 6 }, fresh);
    // Workflows that are there already, so that all reach the trace at the same moment.
    for (const service of services) await send(service, [new TestTrace().chat()]);
    await Promise.all(services.map((service) => commitSpans([batch(service)])));
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ n_steps: 6 });
    expect((await stepsOf(world, trace.traceId)).map(({ ordinal }) => ordinal)).toEqual(ordinals(6));
  });

  test("many traces of one workflow are numbered without gap, and name stages alike", async () => {
    const service = fresh();
    const traces = Array.from({ length: 20 }, () => new TestTrace());
    await Promise.all(
      traces.map((trace, at) => send(service, [trace.chat({}, `m${at % 3}`), trace.chat(), trace.root()])),
    );
    const instances = await Promise.all(traces.map(({ traceId }) => instanceOf(world, traceId)));
    expect(instances.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(ordinals(20).map((seq) => seq + 1));
    const paths = new Map<string, Set<string>>();
    for (const { traceId } of traces)
      for (const { stage_name, path } of await stepsOf(world, traceId))
        paths.set(stage_name, (paths.get(stage_name) ?? new Set()).add(path));
    expect([...paths.values()].map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect(new Set([...paths.values()].flatMap((all) => [...all]))).toEqual(new Set(["1", "2", "3", "4"]));
  });
});

test("names beyond the thousandth share one stage", async () => {
  const trace = new TestTrace();
  const service = fresh();
  const spans = Array.from({ length: MAX_STAGES + 20 }, (_, at) =>
    trace.chat({ traceId: trace.traceId }, `model-${at}`),
  );
  await send(service, spans);
  const other = new TestTrace();
  await send(service, [other.chat({}, "model-5"), other.chat({}, "yet another")]);
  expect((await stepsOf(world, other.traceId)).map(({ path }) => path)).toEqual(["6", "1001"]);
  const all = await stepsOf(world, trace.traceId);
  expect(all.slice(-20).map(({ path }) => path)).toEqual(Array.from({ length: 20 }, () => "1001"));
  expect(all).toHaveLength(MAX_STAGES + 20);
});

test("a paused instance goes on being told of, and ends with its trace", async () => {
  const trace = new TestTrace();
  const service = fresh();
  await send(service, [trace.chat()]);
  const { id } = await instanceOf(world, trace.traceId);
  await pool().query("UPDATE instances SET status = 'paused' WHERE id = $1", [id]);
  await send(service, [trace.chat()]);
  expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "paused", n_steps: 2 });
  await send(service, [trace.root()]);
  expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "completed" });
});

test("an id that only we make names a workflow that is there, or none", async () => {
  const traceId = newTraceId();
  const span = { traceId, spanId: newSpanId(), name: "chat m", startMs: Date.now(), endMs: Date.now() };
  const answer = await postSpans(world.key, {
    service: "dwf_0123456789abcdef",
    spans: [{ ...span, attributes: { "gen_ai.operation.name": "chat" } }],
  });
  expect(answer.status).toBe(400);
  expect(String(answer.body["detail"])).toMatch(/there is no workflow/);
});

test("JSON that is told as text is stored, whatever is in it", async () => {
  const told = [
    "[1e131073, -1E+200000, 1e-99999, 1e9999, 1e-9999]",
    String.raw`{"a": "\u0000", "b": "\ud800", "c": "\uD83D\uDE00", "d": 12345678901234567890.5, "d": 2}`,
    String.raw`["\\u0000", "\\ud800", "x1e99999"]`,
    `[${"9".repeat(50_000)}]`,
    "\t[\n1 ]",
    "[1,]",
    "{} {}",
  ];
  const service = fresh();
  for (const text of told) {
    const trace = new TestTrace();
    const attributes = { "gen_ai.operation.name": "chat", "gen_ai.input.messages": text };
    await send(service, [trace.span("chat", { attributes })]);
    const [step] = await stepsOf(world, trace.traceId);
    expect(step, text.slice(0, 50)).toBeDefined();
  }
});
