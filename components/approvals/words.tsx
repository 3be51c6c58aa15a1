import { StateWord } from "@/components/status/state-word";
import type { ApprovalRow, ApprovalStatus, Risk } from "@/lib/approvals/schema";
import { RISK_WORDS, STATUS_WORDS } from "@/lib/approvals/words";
import type { ShownStatus } from "@/lib/checks/present";

const RISK_TONES: Record<Risk, ShownStatus> = { low: "running", medium: "late", high: "down" };
const STATUS_TONES: Record<ApprovalStatus, ShownStatus> = {
  pending: "running",
  approved: "up",
  denied: "down",
  cancelled: "paused",
};

/** How much is at stake, as dot and word. */
export function RiskWord({ risk }: { risk: Risk }) {
  return <StateWord tone={RISK_TONES[risk]} word={RISK_WORDS[risk]} />;
}

/** What became of an approval, as dot and word. */
export function ApprovalWord({ status }: { status: ApprovalStatus }) {
  return <StateWord tone={STATUS_TONES[status]} word={STATUS_WORDS[status]} />;
}

/** How many have approved, where more than one must. */
export function Votes({ row: { approved, need } }: { row: Pick<ApprovalRow, "approved" | "need"> }) {
  return need === 1 ? null : (
    <span>
      {approved} of {need}
    </span>
  );
}
