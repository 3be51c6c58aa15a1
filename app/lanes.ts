import type { Lane } from "@/lib/boot/lanes";
import * as approval from "./api/approvals/[id]/route";
import * as approvals from "./api/approvals/route";
import * as keyedTraces from "./otlp/[key]/v1/traces/route";
import * as otlpTraces from "./otlp/v1/traces/route";
import * as traces from "./v1/traces/route";

/** What agents ask for again and again, and where thousands may wait at once or megabytes come in. */
export const lanes: readonly Lane[] = [
  { method: "POST", path: /^\/api\/approvals\/?$/, handler: approvals.POST },
  { method: "GET", path: /^\/api\/approvals\/(?<id>apr_[^/]+)\/?$/, handler: approval.GET },
  { method: "POST", path: /^\/v1\/traces\/?$/, handler: traces.POST, isStreamed: true },
  { method: "POST", path: /^\/otlp\/v1\/traces\/?$/, handler: otlpTraces.POST, isStreamed: true },
  { method: "POST", path: /^\/otlp\/(?<key>[^/]+)\/v1\/traces\/?$/, handler: keyedTraces.POST, isStreamed: true },
];
