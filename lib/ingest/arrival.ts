import { clientAddress } from "./client-address";
import type { ParsedSignal, Signal } from "./signal";

const USER_AGENT_LENGTH = 200;

/** What both doors know of a request besides its first line. `header` gives a header's value, joined if repeated. */
export type Arrival = {
  method: string;
  header: (name: string) => string | undefined;
  /** The address at the other end of the connection, if there is a connection. */
  socket: string | undefined;
  /** How many proxies in front are believed. */
  hops: number;
  body: Buffer | null;
};

/** A signal with all that came with it. Pure. */
export function arrive(parsed: ParsedSignal, { method, header, socket, hops, body }: Arrival): Signal {
  const protocol = hops > 0 ? header("x-forwarded-proto")?.split(",")[0]?.trim() : undefined;
  // Field by field, because spreading is slow and this runs for every signal.
  return {
    source: parsed.source,
    target: parsed.target,
    kind: parsed.kind,
    exitStatus: parsed.exitStatus,
    rid: parsed.rid,
    refusal: parsed.refusal,
    method,
    scheme: protocol === "https" ? "https" : "http",
    remoteAddr: clientAddress({ socket, forwarded: header("x-forwarded-for"), hops }),
    userAgent: (header("user-agent") ?? "").slice(0, USER_AGENT_LENGTH),
    body,
    thinned: false,
  };
}

/** Keeps the first `limit` bytes of a body that comes in chunks and reads the rest away; null when it is empty. */
export async function keepStart(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Buffer | null> {
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    if (size < limit) kept.push(chunk.subarray(0, limit - size));
    size += chunk.byteLength;
  }
  return size === 0 ? null : Buffer.concat(kept);
}
