import { type LookupAddress, lookup as resolveName } from "node:dns";
import type { LookupFunction } from "node:net";
import { Client, type Dispatcher } from "undici";
import { SECOND } from "@/lib/core/time";
import { env } from "@/lib/env";
import manifest from "@/package.json" with { type: "json" };
import { isAllowedAddress, isAllowedPort, isLiteral } from "./address";
import { isAllowedHeader } from "./header";

export type SafeRequest = { method: "GET" | "POST"; headers?: Record<string, string>; body?: string };
export type SafeAnswer = { status: number; headers: Record<string, string>; text: string };

type Resolve = LookupFunction;
export type Policy = {
  /** CIDR ranges that may be reached although they are not public; ALLOW_PRIVATE_TARGETS unless given. */
  allowed?: readonly string[];
  totalMs?: number;
  resolve?: Resolve;
};

const CONNECT_MS = 5 * SECOND;
const TOTAL_MS = 15 * SECOND;
const READ_BYTES = 16_384;
const KEPT_BYTES = 1024;

/** Why a request got no answer. The message is safe to show: it names no address and repeats no input. */
export class FetchFailure extends Error {
  override readonly name = "FetchFailure";
}

/** Names that lead to this machine, whatever a resolver says (RFC 6761 §6.3). */
const LOOPBACK_NAME = /(^|\.)localhost\.?$/i;

/** Whether a URL may be called, as far as its text tells; names are judged again by the addresses they resolve to. */
export function isAllowedUrl(url: URL, allowed: readonly string[] = env().ALLOW_PRIVATE_TARGETS): boolean {
  const port = Number(url.port || (url.protocol === "https:" ? 443 : 80));
  if (!["http:", "https:"].includes(url.protocol) || url.username !== "" || url.password !== "") return false;
  if (LOOPBACK_NAME.test(url.hostname)) return isAllowedPort(port) && isAllowedAddress("127.0.0.1", allowed);
  return isAllowedPort(port) && (!isLiteral(url.hostname) || isAllowedAddress(url.hostname, allowed));
}

/** Whether a URL names an address that only the operator's list of private targets lets us reach. */
export function isPrivateTarget(url: URL, allowed: readonly string[] = env().ALLOW_PRIVATE_TARGETS): boolean {
  return isLiteral(url.hostname) && isAllowedUrl(url, allowed) && !isAllowedUrl(url, []);
}

/** A `lookup` for sockets that fails unless every address of the name may be reached, so rebinding gains nothing. */
export function guardedLookup(allowed: readonly string[], resolve: Resolve = resolveName): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, "");
      const addresses = judged(found, allowed);
      const [first] = addresses;
      if (first === undefined) return done(new FetchFailure("address not allowed"), "");
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });
  };
}

/** The addresses of a name; none when a single one of them may not be reached. */
function judged(found: string | LookupAddress[], allowed: readonly string[]): LookupAddress[] {
  const addresses = typeof found === "string" ? [] : found;
  return addresses.every(({ address }) => isAllowedAddress(address, allowed)) ? addresses : [];
}

/**
 * The one way to call a URL that a user typed. The address is checked when the connection is made; redirects are not
 * followed and proxies of the environment are ignored. At most 5 s to connect, 15 s in all; the first 1 kB of the
 * answer is kept. Throws FetchFailure.
 */
export async function safeFetch(url: string, request: SafeRequest, policy: Policy = {}): Promise<SafeAnswer> {
  const target = URL.canParse(url) ? new URL(url) : null;
  const allowed = policy.allowed ?? env().ALLOW_PRIVATE_TARGETS;
  if (target === null || !isAllowedUrl(target, allowed)) throw new FetchFailure("address not allowed");
  const lookup = guardedLookup(allowed, policy.resolve);
  const client = new Client(target.origin, { connect: { lookup, timeout: CONNECT_MS }, pipelining: 0 });
  try {
    const signal = AbortSignal.timeout(policy.totalMs ?? TOTAL_MS);
    const { method, body = null } = request;
    const headers = { ...allowedHeaders(request.headers ?? {}), "user-agent": `Pulsetrail/${manifest.version}` };
    return await answerOf(
      await client.request({ path: `${target.pathname}${target.search}`, method, headers, body, signal }),
    );
  } catch (error) {
    throw failureOf(error);
  } finally {
    await client.destroy();
  }
}

async function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<SafeAnswer> {
  const flat = Object.entries(headers).map(([name, value]) => [name, String(value ?? "")]);
  return { status: statusCode, headers: Object.fromEntries(flat), text: await beginningOf(body) };
}

function allowedHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => isAllowedHeader(name, value)));
}

/** The first kilobyte as text. The status is what counts, so an answer that breaks off is read as far as it came. */
async function beginningOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= READ_BYTES) break;
    }
  } catch {
    // A receiver that answered has the message; repeating it because its explanation broke off would be a duplicate.
  }
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString("utf8").replaceAll("\0", "");
}

const REASONS: [RegExp, string][] = [
  [/^ENOTFOUND|^EAI_/, "the host name does not resolve"],
  [/^ECONNREFUSED/, "connection refused"],
  [/TIMEOUT|^ETIMEDOUT|TimeoutError/, "timed out"],
  [/CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO/, "the TLS certificate or handshake was refused"],
];

function failureOf(error: unknown): FetchFailure {
  if (error instanceof FetchFailure) return error;
  const { code = "", name = "" } =
    typeof error === "object" && error !== null ? (error as { code?: string; name?: string }) : {}; // Node's errors carry both as text
  const reason = REASONS.find(([pattern]) => pattern.test(code) || pattern.test(name))?.[1];
  return new FetchFailure(reason ?? "the connection broke off", { cause: error });
}
