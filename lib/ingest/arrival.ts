import { clientAddress } from "./client-address";
import { type Headers, splitTarget } from "./dialect";
import { withMetrics } from "./metric-query";
import type { ParsedSignal, Signal } from "./signal";

const USER_AGENT_LENGTH = 200;

/** What both doors know of a request besides its first line. */
export type Arrival = {
  method: string;
  /** The request target as it was sent. */
  target: string;
  headers: Headers;
  /** The address at the other end of the connection, if there is a connection. */
  socket: string | undefined;
  /** How many proxies in front are believed. */
  hops: number;
};

function headerOf(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(",") : value;
}

/** Nearly no address has it, so a search for the word comes first. */
function progressIn(target: string): string | null {
  return target.includes("progress=") ? (splitTarget(target).query.getAll("progress").at(-1) ?? null) : null;
}

/** Whether the client fetches in advance what nobody has asked for yet: WHATWG Fetch `Sec-Purpose`, and its forerunners. */
function isPrefetch(headers: Headers): boolean {
  const purpose = headers["sec-purpose"] ?? headers["purpose"] ?? headers["x-purpose"] ?? headers["x-moz"];
  return purpose !== undefined && /prefetch|preview|prerender/i.test(String(purpose));
}

/** A signal with all that came with it, and with what is kept of its body. Pure. */
export function arrive(parsed: ParsedSignal, arrival: Arrival, body: Buffer | null): Signal {
  const { method, target, headers, socket, hops } = arrival;
  const protocol = hops > 0 ? headerOf(headers, "x-forwarded-proto")?.split(",")[0]?.trim() : undefined;
  // Field by field, because spreading is slow and this runs for every signal.
  return {
    source: parsed.source,
    target: parsed.target,
    kind: parsed.kind,
    exitStatus: parsed.exitStatus,
    rid: parsed.rid,
    run: parsed.run,
    details: withMetrics(parsed.details, target),
    refusal: parsed.refusal,
    method,
    scheme: protocol === "https" ? "https" : "http",
    remoteAddr: clientAddress({ socket, forwarded: headerOf(headers, "x-forwarded-for"), hops }),
    userAgent: (headerOf(headers, "user-agent") ?? "").slice(0, USER_AGENT_LENGTH),
    body,
    thinned: false,
    progress: progressIn(target),
    isPrefetch: isPrefetch(headers),
  };
}

/** A body that its client did not send whole. */
export class BrokenOff extends Error {}

/**
 * Keeps the first `limit` bytes of a body that comes in chunks and reads the rest away; null when it is empty. Throws
 * `BrokenOff` when the chunks end in an error.
 */
export async function keepStart(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | null> {
  const kept: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      if (size < limit) kept.push(chunk.subarray(0, limit - size));
      size += chunk.byteLength;
    }
  } catch (cause) {
    throw new BrokenOff("the body breaks off", { cause });
  }
  return size === 0 ? null : Buffer.concat(kept);
}
