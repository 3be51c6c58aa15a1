import { Button, Stack, Text, Textarea } from "@mantine/core";
import type { LinkedApproval } from "@/lib/approvals/mailed/standing";
import { effectWords } from "@/lib/approvals/mailed/words";

const WORDS = { approve: { button: "Approve", other: "deny" }, deny: { button: "Deny", other: "approve" } } as const;

type Props = { linked: LinkedApproval; token: string; nonce: string };

/** The one button of a link: a form that works without scripts, and that only a person sends. */
export function DecisionForm({ linked, token, nonce }: Props) {
  const { button, other } = WORDS[linked.decision];
  return (
    <form method="post" action={`/approve/${token}`}>
      <Stack gap="md">
        <input type="hidden" name="nonce" value={nonce} />
        <Textarea
          name="notes"
          label="Notes"
          description="If you like: the requester reads them."
          maxLength={2000}
          rows={3}
          autoComplete="off"
        />
        <Text size="sm">{effectWords(linked)}</Text>
        <Button type="submit" size="md" fullWidth color={linked.decision === "approve" ? "pine" : "red"}>
          {button}
        </Button>
        <Text size="sm" c="dimmed">
          To {other} it, use the other link in the mail.
        </Text>
      </Stack>
    </form>
  );
}
