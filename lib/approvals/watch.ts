import { PolledWatch } from "@/lib/db/polled-watch";
import { pool } from "@/lib/db/pool";
import { toApproval } from "./present";
import type { Approval } from "./schema";
import { APPROVAL_COLUMNS, type ApprovalRowStored } from "./store/rows";

/** Those of these approvals that are decided, whoever's they are. */
async function askDecided(ids: string[]): Promise<[string, Approval][]> {
  const { rows } = await pool().query<ApprovalRowStored>({
    name: "decided-approvals",
    text: `SELECT ${APPROVAL_COLUMNS} FROM approvals a WHERE a.id = ANY ($1) AND a.status <> 'pending'`,
    values: [ids],
  });
  return rows.map(toApproval).map((approval) => [approval.approval_id, approval]);
}

/** Everybody in this process who waits for a decision. */
export class DecisionWatch extends PolledWatch<Approval> {
  constructor() {
    super(askDecided);
  }
}

// Routes are in Next's bundles and beside the front door; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailDecisions?: DecisionWatch };

/** The one watch of this process. */
export function theDecisionWatch(): DecisionWatch {
  shared.pulsetrailDecisions ??= new DecisionWatch();
  return shared.pulsetrailDecisions;
}
