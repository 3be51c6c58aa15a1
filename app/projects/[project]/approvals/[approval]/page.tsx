import type { Metadata } from "next";
import { cache } from "react";
import { ApprovalBoard } from "@/components/approvals/approval-board";
import { titleOf } from "@/lib/approvals/present";
import { getApprovalPage } from "@/lib/approvals/queries";
import { asPage, requireMember } from "@/lib/auth/page";

type Props = PageProps<"/projects/[project]/approvals/[approval]">;

/** Asked once for the title and the page. */
const load = cache(async (project: string, approval: string) =>
  getApprovalPage(await requireMember(project), approval).catch(asPage),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { project, approval } = await params;
  return { title: titleOf((await load(project, approval)).approval.context) };
}

export default async function ApprovalPage({ params }: Props) {
  const { project, approval } = await params;
  const { scopes } = await requireMember(project);
  return <ApprovalBoard projectId={project} page={await load(project, approval)} canCancel={scopes.has("write")} />;
}
