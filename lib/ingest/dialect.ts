import type { Outcome, ParsedSignal, Signal } from "./signal";

/** Pure: from a request line to a signal, and from an outcome to an answer. The same for every door. */
export type RequestLine = {
  method: string;
  /** The Host header in lower case, with its port if it has one. */
  host: string;
  /** The request target as it was sent: path and query. */
  target: string;
  /** The host name on which ping addresses live at the root. */
  pingHost: string | undefined;
};

/** An answer that needs no look at the database. */
export type Refusal = { status: 204 | 400 | 404 | 405; text: string };

/** What goes back to the client. */
export type SignalAnswer = { status: number; text: string; headers: Record<string, string> };

/** What became of a signal, also when it could not be taken. Waits are in seconds. */
export type Verdict =
  | { outcome: Outcome }
  | { outcome: "limited"; headers: Record<string, string> }
  | { outcome: "unavailable"; retryAfter: number }
  | { outcome: "failed" };

/** One way to speak of signals: its addresses and its answers. A new dialect is one file and one line in the grammar. */
export type Dialect = {
  name: string;
  /** Null when the address is none of this dialect's. */
  parse: (line: RequestLine) => ParsedSignal | Refusal | null;
  refuse: (refusal: Refusal) => SignalAnswer;
  /** `bodyLimit`: bytes of a body that are kept. */
  answer: (verdict: Verdict, signal: Signal, bodyLimit: number) => SignalAnswer;
};

/** Splits a request target at its first `?`; every further `?` counts as `&` (public contract §2). */
export function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const at = target.indexOf("?");
  if (at < 0) return { path: target, query: new URLSearchParams() };
  return { path: target.slice(0, at), query: new URLSearchParams(target.slice(at + 1).replaceAll("?", "&")) };
}
