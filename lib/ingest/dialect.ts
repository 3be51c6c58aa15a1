import type { Outcome, ParsedSignal, Signal } from "./signal";

/** Pure: from a request to a signal, and from an outcome to an answer. The same for every door. */
export type RequestLine = {
  method: string;
  /** The Host header in lower case, with its port if it has one. */
  host: string;
  /** The request target as it was sent: path and query. */
  target: string;
  /** The host name on which ping addresses live at the root. */
  pingHost: string | undefined;
};

/** An answer that needs no look at the database; 500 when reading the signal failed on our side. */
export type Refusal = { status: 204 | 400 | 401 | 404 | 405 | 413 | 500; text: string };

/** Header values by lower-case name, as `node:http` gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What followed the request line. `isWhole` is false when the body was longer than what is read of one. */
export type Sent = { headers: Headers; body: Buffer | null; isWhole: boolean };

/** A signal that is only known once the rest of the request has been read. */
export type Unread = { read: (sent: Sent) => Read | Refusal };

/** `body`: what of the body is kept as it came, null when all of it is in the signal. */
export type Read = { signal: ParsedSignal; body: Buffer | null };

/** What goes back to the client. */
export type SignalAnswer = { status: number; text: string; headers: Record<string, string> };

/** Why a signal could not be taken, whatever it was. Waits are in seconds. */
export type Unable =
  | { is: "limited"; headers: Record<string, string> }
  | { is: "unavailable"; retryAfter: number }
  | { is: "failed" };

/** What became of a signal to a check, also when it could not be taken. */
export type Verdict = Outcome | Unable;

/** `bodyLimit`: bytes of a body that are kept. */
export type Asked = { bodyLimit: number; requestId: string };

/** One way to speak of signals: its addresses and its answers. A new dialect is one file and one line in the grammar. */
export type Dialect = {
  name: string;
  /** Null when the address is none of this dialect's. */
  parse: (line: RequestLine) => ParsedSignal | Unread | Refusal | null;
  refuse: (refusal: Refusal, asked: Asked) => SignalAnswer;
  answer: (verdict: Verdict, signal: Signal, asked: Asked) => SignalAnswer;
};

/** Splits a request target at its first `?`; every further `?` counts as `&` (public contract §2). */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf("?");
  if (at < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1).replaceAll("?", "&")) };
}

/** The part of a path after its `prefix`, in segments without a trailing slash. */
export function segmentsAfter(prefix: string, path: string): string[] {
  return path.slice(prefix.length).replace(/\/$/, "").split("/");
}

/** Whether the request came to the host on which ping addresses live at the root, with or without its port. */
export function isOnPingHost({ host, pingHost }: RequestLine): boolean {
  return pingHost !== undefined && (host === pingHost || host.replace(/:\d+$/, "") === pingHost);
}

/** A segment of a path without its percent signs; as it was when they mean nothing. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a lone %, which no name has
  }
}
