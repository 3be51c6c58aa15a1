import { Mail } from "@/lib/channels/email/schema";
import { mailer } from "@/lib/channels/email/send";
import { type AlertFacts, defineKind } from "@/lib/channels/kind";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { renderApproverMail } from "./render";
import { ApproverConfig } from "./schema";
import { withTokens } from "./tokens";

const kind = defineKind({
  config: ApproverConfig,
  message: Mail,
  show: ({ to }) => ({ to }),
  render: renderApproverMail,
  send: (mail, config, attempt) =>
    mailer(env(), [config.approve, config.deny])(withTokens(mail, config), { to: config.to }, attempt),
});

/** Once it is decided, nobody needs to be asked any more. */
async function moot({ projectId, subject }: AlertFacts): Promise<string | null> {
  const open = await pool().query("SELECT FROM approvals WHERE project_id = $1 AND id = $2 AND status = 'pending'", [
    projectId,
    subject.id,
  ]);
  return open.rowCount === 1 ? null : "already decided";
}

/** The mail to somebody who may decide, with a link for each verdict. */
export const approver = { ...kind, moot };
