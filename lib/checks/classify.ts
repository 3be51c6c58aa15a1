import type { PingKind, Status } from "./state";

/** What a check makes of a signal besides its address: keywords, methods, manual resume. */
export type Filters = {
  methods: string;
  manualResume: boolean;
  filterHttpBody: boolean;
  filterDefaultFail: boolean;
  startKeywords: string;
  successKeywords: string;
  failureKeywords: string;
};

type Arrived = { kind: Exclude<PingKind, "ign">; method: string; body: Uint8Array };

function contains(text: string, keywords: string): boolean {
  const wanted = keywords.split(",").map((keyword) => keyword.trim());
  return wanted.some((keyword) => keyword !== "" && text.includes(keyword));
}

function byKeywords(filters: Filters, body: Uint8Array): PingKind {
  // Never fatal: a multi-byte character that the body limit cut must not lose the signal.
  const text = new TextDecoder("utf-8").decode(body);
  if (contains(text, filters.failureKeywords)) return "fail";
  if (contains(text, filters.successKeywords)) return "success";
  if (contains(text, filters.startKeywords)) return "start";
  return filters.filterDefaultFail ? "fail" : "ign";
}

/**
 * The kind under which a signal is recorded. A check paused for manual resume ignores everything; then the method
 * restriction, then body keywords, which replace what the address said.
 */
export function classify(filters: Filters, status: Status, arrived: Arrived): PingKind {
  if (status === "paused" && filters.manualResume) return "ign";
  if (filters.methods === "POST" && arrived.method !== "POST") return "ign";
  return filters.filterHttpBody ? byKeywords(filters, arrived.body) : arrived.kind;
}
