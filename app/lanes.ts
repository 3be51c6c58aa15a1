import type { Lane } from "@/lib/boot/lanes";
import * as approval from "./api/approvals/[id]/route";
import * as approvals from "./api/approvals/route";

/** What agents ask for again and again, and where thousands may wait at once. */
export const lanes: readonly Lane[] = [
  { method: "POST", path: /^\/api\/approvals\/?$/, handler: approvals.POST },
  { method: "GET", path: /^\/api\/approvals\/(?<id>apr_[^/]+)\/?$/, handler: approval.GET },
];
