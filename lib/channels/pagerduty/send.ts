import type { Outcome } from "@/lib/channels/kind";
import { postJson } from "@/lib/channels/post";
import type { PagerdutyConfig, PagerdutyMessage } from "./schema";

/** How events reach PagerDuty at `endpoint`: one after the other, and none after one that was not taken. */
export function pager(endpoint: string) {
  return async ({ events }: PagerdutyMessage, { routing_key: key }: PagerdutyConfig): Promise<Outcome> => {
    let outcome: Outcome = { result: "rejected", status: null, error: "there was nothing to send" };
    for (const event of events) {
      // A key that PagerDuty refuses is a final answer, yet it may be mended; so nothing there counts as gone.
      outcome = await postJson({
        url: endpoint,
        content: { routing_key: key, ...event },
        secrets: [key],
        isGone: () => false,
      });
      if (outcome.result !== "sent") break;
    }
    return outcome;
  };
}
