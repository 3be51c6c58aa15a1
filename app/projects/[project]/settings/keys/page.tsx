import { Text } from "@mantine/core";
import type { Metadata } from "next";
import { EmptyState } from "@/components/layout/empty-state";
import { BY_PAGE, ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { KeyTable } from "@/components/settings/key-table";
import { NewKeyButton } from "@/components/settings/new-key";
import { asPage, requireMember } from "@/lib/auth/page";
import { listFrom } from "@/lib/core/search-query";
import { listKeys } from "@/lib/projects/queries";

export const metadata: Metadata = { title: "API keys" };

const LIMIT = 50;

export default async function KeysPage({ params, searchParams }: PageProps<"/projects/[project]/settings/keys">) {
  const [{ project }, { cursor: given }] = await Promise.all([params, searchParams]);
  const cursor = typeof given === "string" ? given : undefined;
  const caller = await requireMember(project);
  if (!caller.scopes.has("admin")) return <Text c="dimmed">An admin of this project can see and make API keys.</Text>;
  const page = { projectId: project, limit: LIMIT, cursor };
  const { items, nextCursor } = await listFrom((asked) => listKeys(caller, asked), page).catch(asPage);
  return (
    <Section
      title="API keys"
      description="For programs: as Authorization: Bearer, X-Api-Key or ?key="
      action={<NewKeyButton projectId={project} />}
    >
      {items.length === 0 ? (
        <EmptyState
          title="No keys yet"
          text="A key lets a program send signals or change this project without a person. Make one for each place that needs it, with as little as it needs."
        />
      ) : (
        <KeyTable projectId={project} keys={items} />
      )}
      <ListPager
        path={`/projects/${project}/settings/keys`}
        search={{}}
        cursor={cursor}
        nextCursor={nextCursor}
        words={BY_PAGE}
      />
    </Section>
  );
}
