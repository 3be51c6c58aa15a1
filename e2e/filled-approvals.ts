import { expect } from "@playwright/test";
import type { Server } from "./server";

type Json = Record<string, unknown>;

const CHANGE = {
  before: { collection: "rain-jackets", discount_percent: 0, items: 48, note: null, rules: ["a", "b", "c", "d", "e"] },
  after: {
    collection: "rain-jackets",
    discount_percent: 20,
    items: 48,
    note: "until Sunday",
    rules: ["a", "b", "c", "d", "e"],
  },
};

const LONG = `Publish the report of every branch north of the river, with attachments: ${"verylongwordwithoutanygap".repeat(4)}

<b>Not bold</b>, and no link: https://example.org/${"path/".repeat(30)}`;

/** Approvals in every state that people see; ids by what they show. */
export type FilledApprovals = Record<
  "urgent" | "change" | "long" | "approved" | "denied" | "cancelled" | "expired",
  string
>;

/** Fills the first project of a server with approvals that wait and that were decided. */
export async function fillApprovals({ url, apiKey }: Server): Promise<FilledApprovals> {
  const headers = { "X-Api-Key": apiKey, "Content-Type": "application/json" };
  const post = async (path: string, body: Json = {}): Promise<Json> => {
    const answer = await fetch(`${url}/api/approvals${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    expect(answer.ok, `${path}: ${answer.status}`).toBe(true);
    return answer.json();
  };
  const ask = async (context: string, more: Json = {}): Promise<string> =>
    String((await post("", { context, timeout_seconds: 86_000, ...more }))["approval_id"]);
  const filled = {
    expired: await ask("Delete 3,118 product pictures that no page uses", { timeout_seconds: 1, risk: "high" }),
    urgent: await ask("Restart the database of the shop", {
      timeout_seconds: 3000,
      risk: "high",
      action: "db.restart",
    }),
    change: await ask("Lower the price of 48 rain jackets by 20 % until Sunday\n\nStock is three times last month.", {
      action: "shop.prices.update",
      args: CHANGE,
      need: 2,
      metadata: { ticket: "SHOP-118" },
    }),
    long: await ask(LONG, { risk: "low", approvers: ["admin@localhost"], args: { to: "everybody", copies: 2 } }),
    approved: await ask("Send the newsletter to 18,204 customers"),
    denied: await ask("Refund order 88214 (EUR 1,240.00)"),
    cancelled: await ask("Reindex the catalogue now"),
  };
  await post(`/${filled.change}/decision`, { decision: "approve", notes: "Fine by me." });
  await post(`/${filled.approved}/decision`, { decision: "approve", notes: "Read it twice.\nGo." });
  await post(`/${filled.denied}/decision`, { decision: "deny", notes: "The carrier has a signature." });
  await post(`/${filled.approved}/claim`);
  await post(`/${filled.cancelled}/cancel`);
  return filled;
}
