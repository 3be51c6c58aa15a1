import { AppError, invalid } from "@/lib/core/errors";
import { BrokenOff } from "@/lib/ingest/arrival";
import { answerIn, statusIn } from "@/lib/traces/answer";
import { Body, Held } from "@/lib/traces/body";
import { type FormatName, receiveSpans, requireSender, type Sender } from "@/lib/traces/receive";
import { keyOf } from "./authenticate";
import { problem, toAppError } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

const TYPES: Readonly<Record<FormatName, string>> = {
  json: "application/json",
  protobuf: "application/x-protobuf",
};
/** A key in the body is only found by reading it, which is not done for long without knowing who sends it. */
const MAX_UNKNOWN = 1_000_000;

const held = new Held();

function formatOf(request: Request): FormatName | null {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type === TYPES.json) return "json";
  return type === TYPES.protobuf || type === "application/protobuf" ? "protobuf" : null;
}

function isGzip(request: Request): boolean {
  const encoding = (request.headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "gzip") return true;
  if (encoding === "identity" || encoding === "") return false;
  throw new AppError("unsupported_media_type", "The body must be sent as it is, or with Content-Encoding: gzip.");
}

/** A body that was never there reads as one that is empty. */
async function* chunksOf(request: Request): AsyncGenerator<Uint8Array> {
  if (request.body !== null) yield* request.body;
}

function keyInBody(request: Request, bytes: Buffer): string | null {
  try {
    return keyOf(request, JSON.parse(bytes.toString("utf8")));
  } catch {
    throw invalid("body", "is not valid JSON");
  }
}

/** Who sends it, if that can be told without its body. */
async function senderOf(request: Request, params: Record<string, unknown>): Promise<Sender | null> {
  const { key = keyOf(request, null) } = params;
  return typeof key === "string" ? requireSender(key) : null;
}

async function receive(request: Request, format: FormatName, params: Record<string, unknown>): Promise<Response> {
  const encoded = isGzip(request);
  const known = await senderOf(request, params);
  if (known === null && format === "protobuf") await requireSender(null);
  const body = new Body(held);
  try {
    const limits = known === null ? { isGzip: encoded, max: MAX_UNKNOWN } : { isGzip: encoded };
    const bytes = await body.read(chunksOf(request), limits);
    const sender = known ?? (await requireSender(keyInBody(request, bytes)));
    const answer = answerIn(format, await receiveSpans(sender, format, bytes));
    return new Response(Buffer.from(answer), { headers: { "Content-Type": TYPES[format] } });
  } finally {
    body.release();
  }
}

function failure(error: unknown, format: FormatName | null, requestId: string): Response {
  if (format !== "protobuf") return problem(error, requestId);
  const known = toAppError(error, requestId);
  const headers = { "Content-Type": TYPES.protobuf, ...known.headers };
  return new Response(Buffer.from(statusIn(known)), { status: known.status, headers });
}

/**
 * Takes traces as OTLP/HTTP has them (opentelemetry-proto), with the key in the address or wherever keys may be (public
 * contract §2). Answers in the form of the request, after the spans are durable.
 */
export const otlpRoute: Handler = async (request, args) => {
  const requestId = requestIdFrom(request.headers.get("x-request-id"));
  const format = formatOf(request);
  let response: Response;
  try {
    if (format === null) {
      throw new AppError("unsupported_media_type", `The Content-Type must be ${TYPES.json} or ${TYPES.protobuf}.`);
    }
    response = await receive(request, format, await args.params);
  } catch (error) {
    if (error instanceof BrokenOff) throw error;
    response = failure(error, format, requestId);
  }
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Request-Id", requestId);
  return response;
};
