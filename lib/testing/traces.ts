import { gzipSync } from "node:zlib";
import { pool } from "@/lib/db/pool";
import { otlpRoute } from "@/lib/http/otlp-route";
import type { Handler } from "@/lib/http/route";
import { jsonRequest, newSpanId, newTraceId, type Plain, type PlainRequest, type PlainSpan } from "./otlp";
import type { World } from "./world";

export type Sent = { status: number; headers: Headers; bytes: Buffer; body: Record<string, unknown> };
type Sending = {
  body: string | Uint8Array;
  key?: string;
  type?: string;
  headers?: Record<string, string>;
  params?: Record<string, string>;
};

/** Posts a body to a route of traces and reads the answer. */
export async function post(
  handler: Handler,
  { body, key, type = "application/json", ...rest }: Sending,
): Promise<Sent> {
  const request = new Request("http://pulsetrail.test/v1/traces", {
    method: "POST",
    headers: { "Content-Type": type, ...(key !== undefined && { Authorization: `Bearer ${key}` }), ...rest.headers },
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  const answer = await handler(request, { params: Promise.resolve(rest.params ?? {}) });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = /\bjson/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, headers: answer.headers, bytes, body: isJson ? JSON.parse(bytes.toString()) : {} };
}

/** Sends a request in gzipped JSON. */
export function postRequest(key: string, request: PlainRequest): Promise<Sent> {
  const body = gzipSync(JSON.stringify(jsonRequest(request)));
  return post(otlpRoute, { key, body, headers: { "Content-Encoding": "gzip" } });
}

/** The same for spans of one service. */
export function postSpans(key: string, { service, spans }: { service: string; spans: PlainSpan[] }): Promise<Sent> {
  return postRequest(key, [{ resource: { "service.name": service }, spans }]);
}

type Told = Partial<Omit<PlainSpan, "attributes">> & { attributes?: Record<string, Plain> };

/** A trace whose spans begin a second ago; each lasts 100 ms from its place in the list on. */
export class TestTrace {
  readonly traceId = newTraceId();
  readonly rootId = newSpanId();
  readonly #startMs = Date.now() - 1000;
  #count = 0;

  /** A span below the root. */
  span(name: string, told: Told = {}): PlainSpan {
    const startMs = this.#startMs + this.#count;
    this.#count += 1;
    const own = { traceId: this.traceId, spanId: newSpanId(), parentSpanId: this.rootId };
    return { ...own, name, startMs, endMs: startMs + 100, ...told };
  }

  /** A call of a model. */
  chat(told: Told = {}, model = "gpt-4o"): PlainSpan {
    const attributes = { "gen_ai.operation.name": "chat", "gen_ai.request.model": model, ...told.attributes };
    return this.span(`chat ${model}`, { ...told, attributes });
  }

  /** The root, which ends after all others. */
  root(told: Told = {}): PlainSpan {
    const { parentSpanId: _, ...span } = this.span("POST /run", { spanId: this.rootId, ...told });
    return { ...span, startMs: this.#startMs, endMs: this.#startMs + 900 };
  }
}

/** What is stored of the instance of a trace. */
export async function instanceOf({ project }: World, traceId: string) {
  const { rows } = await pool().query(
    `SELECT id, workflow_id, status, seq, n_steps, cost_micros, failure_reason, agent_code, top, ended_at >= started_at AS in_order
       FROM instances WHERE project_id = $1 AND trace_id = $2`,
    [project.id, traceId],
  );
  if (rows.length > 1) throw new Error("a trace has one instance");
  return rows[0];
}

/** The steps of a trace. */
export async function stepsOf({ project }: World, traceId: string) {
  const { rows } = await pool().query(
    `SELECT e.* FROM stage_executions e JOIN instances i ON i.project_id = e.project_id AND i.id = e.instance_id
      WHERE i.project_id = $1 AND i.trace_id = $2 ORDER BY e.ordinal`,
    [project.id, traceId],
  );
  return rows;
}
