import { Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { BY_PAGE, ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { InvitationTable } from "@/components/settings/invitation-table";
import { InviteForm } from "@/components/settings/invite-form";
import { MemberTable } from "@/components/settings/member-table";
import type { Caller } from "@/lib/auth/caller";
import { asPage, requireMember } from "@/lib/auth/page";
import { requirePerson } from "@/lib/auth/session-caller";
import { listFrom } from "@/lib/core/search-query";
import { listInvitations } from "@/lib/projects/invitation-queries";
import { listMembers } from "@/lib/projects/member-queries";

export const metadata: Metadata = { title: "People" };

const LIMIT = 50;

export default async function PeoplePage({ params, searchParams }: PageProps<"/projects/[project]/settings/people">) {
  const [{ project }, { cursor: given }] = await Promise.all([params, searchParams]);
  const cursor = typeof given === "string" ? given : undefined;
  const caller = await requireMember(project);
  const person = requirePerson(caller);
  const viewer = { userId: person.id, role: person.role ?? "viewer" };
  const page = { projectId: project, limit: LIMIT, cursor };
  const members = await listFrom((asked) => listMembers(caller, asked), page).catch(asPage);
  return (
    <Stack gap="xl">
      <Section title="Members">
        <MemberTable projectId={project} members={members.items} viewer={viewer} />
        <ListPager
          path={`/projects/${project}/settings/people`}
          search={{}}
          cursor={cursor}
          nextCursor={members.nextCursor}
          words={BY_PAGE}
        />
      </Section>
      {caller.scopes.has("admin") ? (
        <Invitations caller={caller} projectId={project} />
      ) : (
        <Text size="sm" c="dimmed">
          An admin can invite people and change roles.
        </Text>
      )}
    </Stack>
  );
}

async function Invitations({ caller, projectId }: { caller: Caller; projectId: string }) {
  const { items } = await listInvitations(caller, { projectId, limit: 100 }).catch(asPage);
  return (
    <>
      <Section title="Invite somebody" description="They get a link with which they join, with or without an account">
        <InviteForm projectId={projectId} role={requirePerson(caller).role ?? "viewer"} />
      </Section>
      {items.length > 0 && (
        <Section title="Open invitations">
          <InvitationTable projectId={projectId} invitations={items} />
        </Section>
      )}
    </>
  );
}
