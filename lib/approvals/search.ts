import { z } from "zod";
import { ApprovalId, Risk } from "./schema";
import { DECIDED } from "./words";

const TABS = ["inbox", "history"] as const;
export type Tab = (typeof TABS)[number];

/** How far back the statistics look, in days. */
const PERIODS = ["7", "30", "90"] as const;

const SHOWN = 25;

/** The search part of the address of the approvals: `approval` is the selected one of the inbox. */
export const ApprovalSearch = z.object({
  tab: z.enum(TABS).default("inbox"),
  approval: ApprovalId.shape.id.optional(),
  status: z.enum(DECIDED).optional(),
  risk: Risk.optional(),
  q: z.string().trim().max(200).default(""),
  days: z.enum(PERIODS).default("30"),
  cursor: z.string().optional(),
});
export type ApprovalSearch = z.infer<typeof ApprovalSearch>;

/** What the list of the inbox is asked for. */
export const inboxQuery = ({ cursor }: ApprovalSearch) => ({ status: "pending" as const, cursor, limit: SHOWN });

/** What the list of the history is asked for. */
export function historyQuery({ status, risk, q, cursor }: ApprovalSearch) {
  const which = status === undefined ? { decided: "yes" as const } : { status };
  return { ...which, risk, q: q === "" ? undefined : q, cursor, limit: SHOWN };
}

/** Whether the history leaves any out. */
export const isNarrowed = ({ status, risk, q }: ApprovalSearch): boolean =>
  status !== undefined || risk !== undefined || q !== "";
