import type { CreateApproval, Decision } from "@/lib/approvals/schema";
import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";

type Vote = { after: number; by: string; decision: Decision; notes?: string };

/** One request of the demonstration and who answered it. Milliseconds; `after` counts from the request. */
export type Request = {
  input: Pick<CreateApproval, "context" | "risk" | "timeout_seconds" | "timeout_action"> &
    Partial<Pick<CreateApproval, "action" | "args" | "need">>;
  asker: string;
  votes: Vote[];
  /** When what was approved was begun. */
  begun?: number;
};

const [ALICE, BOB] = ["alice@example.org", "bob@example.org"];
const AGENT = "key:Shop agent";
const RELEASE = "key:Release pipeline";

const LONG = 4 * HOUR;

/** What waits while the demonstration runs; asked for anew when it was answered. */
export const PENDING: Request = {
  input: {
    context:
      "Lower the price of 48 rain jackets by 20 % until Sunday\n\nStock is three times what was sold last month, and the forecast is dry. The margin stays above 31 %.",
    risk: "medium",
    timeout_seconds: LONG / SECOND,
    timeout_action: "deny",
    action: "shop.prices.update",
    args: {
      before: { collection: "rain-jackets", discount_percent: 0, ends_at: null, items: 48 },
      after: { collection: "rain-jackets", discount_percent: 20, ends_at: "Sunday 23:59", items: 48 },
    },
  },
  asker: AGENT,
  votes: [],
};

/** What was asked for before, by how long ago that was. */
export const ANSWERED: [ago: number, request: Request][] = [
  [
    6 * DAY + 3 * HOUR,
    {
      input: {
        context: "Send the newsletter of March to 18,204 customers",
        risk: "medium",
        timeout_seconds: 1800,
        timeout_action: "deny",
        action: "mail.campaign.send",
        args: { campaign: "march", recipients: 18_204 },
      },
      asker: AGENT,
      votes: [{ after: 4 * MINUTE, by: ALICE, decision: "approve", notes: "Read it twice. Go." }],
      begun: 4 * MINUTE + 2 * SECOND,
    },
  ],
  [
    4 * DAY + 7 * HOUR,
    {
      input: {
        context: "Refund order 88214 (EUR 1,240.00): the customer says that the parcel never came",
        risk: "high",
        timeout_seconds: 3600,
        timeout_action: "deny",
        action: "payments.refund",
        args: { order: 88_214, amount: "1240.00", currency: "EUR" },
      },
      asker: AGENT,
      votes: [
        {
          after: 11 * MINUTE,
          by: BOB,
          decision: "deny",
          notes: "The carrier has a signature. Ask the customer for a photo of the mailbox first.",
        },
      ],
    },
  ],
  [
    2 * DAY + 5 * HOUR,
    {
      input: {
        context: "Delete 3,118 product pictures that no page uses",
        risk: "high",
        timeout_seconds: 600,
        timeout_action: "deny",
      },
      asker: AGENT,
      votes: [],
    },
  ],
  [
    DAY + 2 * HOUR,
    {
      input: {
        context: "Release shop 4.12.0 to production\n\nTwo people have to agree on a Friday.",
        risk: "high",
        timeout_seconds: 3600,
        timeout_action: "deny",
        need: 2,
        action: "deploy",
        args: { before: { version: "4.11.3", replicas: 6 }, after: { version: "4.12.0", replicas: 6 } },
      },
      asker: RELEASE,
      votes: [
        { after: 2 * MINUTE, by: BOB, decision: "approve" },
        { after: 19 * MINUTE, by: ALICE, decision: "approve", notes: "Rollback is prepared." },
      ],
      begun: 19 * MINUTE + SECOND,
    },
  ],
  [
    5 * HOUR,
    {
      input: {
        context: "Reindex the catalogue now instead of tonight",
        risk: "low",
        timeout_seconds: 300,
        timeout_action: "approve",
      },
      asker: AGENT,
      votes: [],
    },
  ],
];
