"use client";

import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/layout/page-header";
import { titleOf } from "@/lib/approvals/present";
import type { ApprovalPage } from "@/lib/approvals/schema";
import { ApprovalView } from "./approval-view";
import { useNotedView } from "./use-noted-view";

type Props = { projectId: string; page: ApprovalPage; canCancel: boolean };

/** The page of one approval. That it was opened is noted in its trail. */
export function ApprovalBoard({ projectId, page, canCancel }: Props) {
  const title = titleOf(page.approval.context);
  useNotedView(projectId, page.approval.approval_id);
  return (
    <Stack gap="md">
      <PageHeader title={title} crumbs={[{ label: "Approvals", href: `/projects/${projectId}/approvals` }]} />
      <ApprovalView projectId={projectId} page={page} title={title} canCancel={canCancel} />
    </Stack>
  );
}
