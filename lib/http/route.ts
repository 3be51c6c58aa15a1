import type { z } from "zod";
import { type Caller, requireScope, type Scope } from "@/lib/auth/caller";
import { type Device, deviceOf } from "@/lib/auth/device";
import { AppError } from "@/lib/core/errors";
import { authenticate } from "./authenticate";
import { readJson } from "./body";
import { type Answer, once } from "./idempotency";
import { limitKey } from "./key-limit";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";

type Schemas = { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType };
type Output<S> = S extends z.ZodType ? z.output<S> : undefined;
export type Input<S extends Schemas> = {
  caller: Caller;
  params: Output<S["params"]>;
  query: Output<S["query"]>;
  body: Output<S["body"]>;
  /** From where and with what it was asked, as far as that is known. */
  device: () => Device;
  /** Aborted when the caller has gone away. */
  signal: AbortSignal;
};
export type RouteArgs = { params: Promise<Record<string, string | string[] | undefined>> };
export type Handler = (request: Request, args: RouteArgs) => Promise<Response>;

type Definition<S extends Schemas> = {
  /** What the caller must be allowed to; null leaves it to the query, which decides by what it shows. */
  scope: Scope | null;
  input?: S;
  /** Status of success; 204 sends no body. */
  status?: number;
  /** Whether `Idempotency-Key` counts: a repeated claim must be refused, whatever its headers say. */
  creates?: boolean;
  handler: (input: Input<S>) => Promise<unknown>;
};

async function parseParams(schema: z.ZodType | undefined, args: RouteArgs): Promise<unknown> {
  const parsed = schema?.safeParse(await args.params);
  // An id that cannot exist is an id that does not exist.
  if (parsed?.success === false) throw new AppError("not_found", "There is nothing at this address.");
  return parsed?.data;
}

/** Query parameters as an object, without the key; of a repeated one the last counts. */
function queryOf(request: Request): Record<string, string> {
  const { key: _key, ...query } = Object.fromEntries(new URL(request.url).searchParams);
  return query;
}

/** The body without the key it may carry. */
function withoutKey(body: unknown): unknown {
  if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== "key"));
}

/** Runs `work`, or gives its first answer again when the request names an Idempotency-Key. */
function answered(request: Request, asked: { caller: Caller; body: unknown }, work: () => Promise<Answer>) {
  const key = request.headers.get("idempotency-key");
  const path = new URL(request.url).pathname.replace(/\/$/, "");
  return key === null ? work() : once({ ...asked, route: path, key }, work);
}

/** A JSON endpoint: authenticates, parses, runs, and turns any failure into problem+json. */
export function route<const S extends Schemas>(definition: Definition<S>): Handler {
  const { scope, input, status = 200, creates = status === 201, handler } = definition;
  return async (request, args) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    let rate: Record<string, string> = {};
    try {
      const raw = ["GET", "HEAD"].includes(request.method) ? undefined : await readJson(request);
      const caller = await authenticate(request, raw);
      rate = await limitKey(caller);
      if (scope !== null) requireScope(caller, scope);
      const parsed = {
        caller,
        params: await parseParams(input?.params, args),
        query: input?.query?.parse(queryOf(request)),
        body: input?.body?.parse(withoutKey(raw) ?? {}),
        device: () => deviceOf(Object.fromEntries(request.headers)),
        signal: request.signal,
      } as Input<S>; // each key is what its schema gives, which TypeScript cannot follow through the optional schemas
      const work = async (): Promise<Answer> => ({ status, body: (await handler(parsed)) ?? null });
      const answer = await (creates ? answered(request, { caller, body: withoutKey(raw) }, work) : work());
      return json(answer, requestId, rate);
    } catch (error) {
      return problem(error, requestId, rate);
    }
  };
}

function json(answer: Answer, requestId: string, rate: Record<string, string>): Response {
  const headers = { "Cache-Control": "no-store", "X-Request-Id": requestId, ...rate };
  if (answer.status === 204) return new Response(null, { status: 204, headers });
  return Response.json(answer.body, { status: answer.status, headers });
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
type Method = (typeof METHODS)[number];

/** The exports of a route file: the given methods, and 405 with `Allow` for all others. */
export function methods(given: Partial<Record<Method, Handler>>): Record<Method | "OPTIONS", Handler> {
  const allowed = [...METHODS.filter((method) => given[method]), ...(given.GET ? ["HEAD"] : []), "OPTIONS"].join(", ");
  const refuse: Handler = async (request) =>
    problem(
      new AppError("method_not_allowed", `This address takes ${allowed}.`, { headers: { Allow: allowed } }),
      requestIdFrom(request.headers.get("x-request-id")),
    );
  return {
    GET: given.GET ?? refuse,
    POST: given.POST ?? refuse,
    PUT: given.PUT ?? refuse,
    PATCH: given.PATCH ?? refuse,
    DELETE: given.DELETE ?? refuse,
    OPTIONS: async () => new Response(null, { status: 204, headers: { Allow: allowed } }),
  };
}
