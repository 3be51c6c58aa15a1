import { Divider, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { AcceptInvitation, InvitedSignUpForm } from "@/components/invite/accept-invitation";
import { LinkButton } from "@/components/layout/link-button";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";
import { findViewer } from "@/lib/auth/page";
import { findOffer } from "@/lib/projects/invitation-queries";
import { ROLE_WORDS } from "@/lib/projects/present";

export const metadata: Metadata = { title: "Invitation", referrer: "no-referrer" };

export default async function InvitePage({ params }: PageProps<"/invite/[token]">) {
  const { token } = await params;
  const [offer, viewer] = await Promise.all([findOffer(token), findViewer()]);
  if (offer === null)
    return (
      <PlainPage>
        <Title order={1}>This invitation is over</Title>
        <Text>
          It has been used or withdrawn, or is older than 7 days. Ask whoever invited you for a new one.{" "}
          <TextLink href="/" underline="always">
            Back to the start
          </TextLink>
        </Text>
      </PlainPage>
    );
  const role = ROLE_WORDS[offer.role];
  return (
    <PlainPage>
      <Stack gap="xs">
        <Title order={1}>Join {offer.project}</Title>
        <Text>
          <strong>{offer.invited_by}</strong> invites {offer.email} to the project <strong>{offer.project}</strong>.
        </Text>
        <Text size="sm" c="dimmed">
          Role: {role.label}. {role.description}.
        </Text>
      </Stack>
      {viewer === null ? (
        <Stack gap="md">
          <LinkButton href={`/sign-in?next=${encodeURIComponent(`/invite/${token}`)}`} variant="default">
            I have an account: sign in
          </LinkButton>
          <Divider label="or make one" />
          <InvitedSignUpForm token={token} email={offer.email} />
        </Stack>
      ) : (
        <Stack gap="md">
          <Text size="sm">
            You are signed in as <strong>{viewer.user.email}</strong>.
          </Text>
          <AcceptInvitation token={token} project={offer.project} />
        </Stack>
      )}
    </PlainPage>
  );
}
