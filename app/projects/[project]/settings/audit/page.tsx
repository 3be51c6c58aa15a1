import { Text } from "@mantine/core";
import type { Metadata } from "next";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { AuditTable } from "@/components/settings/audit-table";
import { asPage, requireMember } from "@/lib/auth/page";
import { listFrom } from "@/lib/core/search-query";
import { listAudit } from "@/lib/projects/member-queries";

export const metadata: Metadata = { title: "Audit log" };

const LIMIT = 50;

export default async function AuditPage({ params, searchParams }: PageProps<"/projects/[project]/settings/audit">) {
  const [{ project }, { cursor: given }] = await Promise.all([params, searchParams]);
  const cursor = typeof given === "string" ? given : undefined;
  const caller = await requireMember(project);
  if (!caller.scopes.has("admin")) return <Text c="dimmed">An admin of this project can see the audit log.</Text>;
  const page = { projectId: project, limit: LIMIT, cursor };
  const { items, nextCursor } = await listFrom((asked) => listAudit(caller, asked), page).catch(asPage);
  return (
    <Section title="Audit log" description="Every change of this project, kept for a year">
      {items.length === 0 ? (
        <EmptyState title="Nothing has been changed yet" text="What people and keys change here is written down." />
      ) : (
        <AuditTable entries={items} />
      )}
      <ListPager path={`/projects/${project}/settings/audit`} search={{}} cursor={cursor} nextCursor={nextCursor} />
    </Section>
  );
}
