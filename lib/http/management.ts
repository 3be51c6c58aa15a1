import { z } from "zod";
import { findCaller } from "@/lib/auth/api-keys";
import { type Caller, requireScope, type Scope } from "@/lib/auth/caller";
import type { ApiVersion } from "@/lib/checks/schema";
import { AppError, notFound } from "@/lib/core/errors";
import { keyOf } from "./authenticate";
import { readJson } from "./body";
import { once } from "./idempotency";
import { limitKey } from "./key-limit";
import { toAppError } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler, RouteArgs } from "./route";
import { findSessionCaller } from "./session";

type Body = Record<string, unknown>;
export type ManagementInput = {
  caller: Caller;
  version: ApiVersion;
  /** Segments of the address by name. */
  params: Record<string, string>;
  query: URLSearchParams;
  body: Body;
};

/** What an endpoint answers: JSON, or bytes and text as they are. */
export type Reply = { status?: number; json: unknown } | { status?: number; bytes: Uint8Array | string };

type Endpoint = {
  scope: Scope;
  /** What somebody who is signed in needs, where that is less than what keys need. */
  personScope?: Scope;
  handler: (input: ManagementInput) => Promise<Reply>;
  /** It creates, so that an Idempotency-Key gives its first answer again. */
  creates?: boolean;
};

const METHODS = ["GET", "POST", "DELETE"] as const;
const ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
type Endpoints = Partial<Record<(typeof METHODS)[number], Endpoint>>;

const VERSION = /^v([123])$/;

function versionOf(params: Record<string, string>): ApiVersion {
  const digit = VERSION.exec(params["version"] ?? "")?.[1];
  if (digit === undefined) throw notFound("version of this API");
  return Number(digit) as ApiVersion; // the pattern admits nothing else
}

async function paramsOf(args: RouteArgs): Promise<Record<string, string>> {
  const entries = Object.entries(await args.params);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

async function bodyOf(request: Request): Promise<Body> {
  if (!["POST", "DELETE"].includes(request.method)) return {};
  const body = await readJson(request);
  if (body === undefined) return {};
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new AppError("invalid_input", "json validation error: value is not an object");
  }
  return Object.fromEntries(Object.entries(body));
}

function unauthenticated(message: string): AppError {
  return new AppError("unauthenticated", message, { headers: { "WWW-Authenticate": 'Bearer realm="pulsetrail"' } });
}

/** Who calls. A key that lacks the scope is a wrong key, as the reference says. */
async function callerOf(request: Request, body: Body, { scope, personScope = scope }: Endpoint): Promise<Caller> {
  const inBody = typeof body["api_key"] === "string" ? body["api_key"] : "";
  const key = keyOf(request, body) || inBody;
  const caller = key === "" ? await findSessionCaller(request) : await findCaller(key);
  if (key === "" && caller === null) throw unauthenticated("missing api key");
  if (caller?.kind === "session") requireScope(caller, personScope);
  else if (caller === null || !caller.scopes.has(scope)) throw unauthenticated("wrong api key");
  return caller;
}

/** The first answer of this Idempotency-Key again, where the endpoint creates and the request names one. */
async function answered(endpoint: Endpoint, request: Request, input: ManagementInput): Promise<Reply> {
  const key = endpoint.creates === true ? request.headers.get("idempotency-key") : null;
  if (key === null) return endpoint.handler(input);
  const route = new URL(request.url).pathname.replace(/\/$/, "");
  const { key: _key, api_key: _apiKey, ...body } = input.body;
  const answer = await once({ caller: input.caller, route, key, body }, async () => {
    const reply = await endpoint.handler(input);
    return { status: reply.status ?? 200, body: "json" in reply ? reply.json : null };
  });
  return { status: answer.status, json: answer.body };
}

type Served = { reply: Reply; rate: Record<string, string> };

async function run(endpoint: Endpoint, request: Request, args: RouteArgs): Promise<Served> {
  const params = await paramsOf(args);
  const version = versionOf(params);
  const body = await bodyOf(request);
  const caller = await callerOf(request, body, endpoint);
  const rate = await limitKey(caller);
  const query = new URL(request.url).searchParams;
  return { reply: await answered(endpoint, request, { caller, version, params, query, body }), rate };
}

/** The reference's words for the first field that is wrong. */
function validationError({ issues: [issue] }: z.ZodError): AppError {
  const [field, index] = issue?.path ?? [];
  const subject = index === undefined ? String(field ?? "value") : `an item in '${String(field)}'`;
  return new AppError("invalid_input", `json validation error: ${subject} ${issue?.message ?? "has unexpected value"}`);
}

function refusal(error: unknown, requestId: string): { failure: AppError; reply: Reply } {
  const failure = toAppError(error instanceof z.ZodError ? validationError(error) : error, requestId);
  const { code, status, message } = failure;
  if (code === "check_not_paused") return { failure, reply: { status, bytes: message } };
  const words = code === "invalid_json" ? "could not parse request body" : message;
  return { failure, reply: { status, json: { error: words } } };
}

/** Bytes that users sent must never run as a page of ours. */
const INERT = {
  "Content-Type": "text/plain",
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; sandbox",
};

function respond(reply: Reply, headers: Record<string, string>): Response {
  const { status = 200 } = reply;
  if ("json" in reply) return Response.json(reply.json, { status, headers });
  // A copy, because a Buffer may share its memory with others.
  const body = typeof reply.bytes === "string" ? reply.bytes : new Uint8Array(reply.bytes);
  return new Response(body, { status, headers: { ...INERT, ...headers } });
}

function serve(endpoint: Endpoint, cors: Record<string, string>): Handler {
  return async (request, args) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    const headers = { ...cors, "Cache-Control": "no-store", "X-Request-Id": requestId };
    try {
      const { reply, rate } = await run(endpoint, request, args);
      return respond(reply, { ...headers, ...rate });
    } catch (error) {
      const { failure, reply } = refusal(error, requestId);
      return respond(reply, { ...headers, ...failure.headers });
    }
  };
}

/**
 * The exports of a route file of the management API: the given endpoints, CORS for all, and 405 for other methods, HEAD
 * among them. It speaks as the reference's clients expect, so errors are `{"error": …}` and not problem+json.
 */
export function management(endpoints: Endpoints): Record<(typeof ALL_METHODS)[number], Handler> {
  const allowed = [...METHODS.filter((method) => endpoints[method]), "OPTIONS"].join(", ");
  const cors = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "X-Api-Key",
    "Access-Control-Allow-Methods": allowed,
    "Access-Control-Max-Age": "600",
  };
  const without =
    (status: number): Handler =>
    async (request) => {
      const requestId = requestIdFrom(request.headers.get("x-request-id"));
      return new Response(null, { status, headers: { ...cors, Allow: allowed, "X-Request-Id": requestId } });
    };
  const given = (method: (typeof METHODS)[number]) => {
    const endpoint = endpoints[method];
    return endpoint === undefined ? without(405) : serve(endpoint, cors);
  };
  return {
    GET: given("GET"),
    POST: given("POST"),
    DELETE: given("DELETE"),
    OPTIONS: without(204),
    HEAD: without(405),
    PUT: without(405),
    PATCH: without(405),
  };
}
