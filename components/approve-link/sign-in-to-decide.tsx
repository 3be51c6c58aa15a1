import { Stack, Text } from "@mantine/core";
import { LinkButton } from "@/components/layout/link-button";
import type { LinkedApproval } from "@/lib/approvals/mailed/standing";

/** In place of the button where a mail is not proof enough. The way there does not carry the token. */
export function SignInToDecide({ linked, isRecipient }: { linked: LinkedApproval; isRecipient: boolean }) {
  const page = `/projects/${linked.project.id}/approvals/${linked.id}`;
  return isRecipient ? (
    <Stack gap="xs">
      <Text size="sm">You are signed in as {linked.recipient.email}.</Text>
      <LinkButton href={page} size="md" fullWidth>
        Decide on its page
      </LinkButton>
    </Stack>
  ) : (
    <LinkButton href={`/sign-in?next=${encodeURIComponent(page)}`} size="md" fullWidth>
      Sign in to decide
    </LinkButton>
  );
}
