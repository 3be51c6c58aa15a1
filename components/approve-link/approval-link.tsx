import { Anchor, Stack, Text, Title } from "@mantine/core";
import { Written } from "@/components/approvals/written";
import type { LinkedApproval } from "@/lib/approvals/mailed/standing";
import { headingOf, outcomeWords, WHY_NOT } from "@/lib/approvals/mailed/words";
import { AskedFor } from "./asked-for";
import { DecisionForm } from "./decision-form";
import { NoteOpened } from "./note-opened";
import { SignInToDecide } from "./sign-in-to-decide";

type Props = {
  linked: LinkedApproval;
  token: string;
  nonce: string;
  /** Whether the person it was sent to is signed in here. */
  isRecipient: boolean;
};

function Answer({ linked, token, nonce, isRecipient }: Props) {
  if (linked.standing === "open") return <DecisionForm linked={linked} token={token} nonce={nonce} />;
  if (linked.standing === "sign_in") return <SignInToDecide linked={linked} isRecipient={isRecipient} />;
  return null;
}

/** What a mailed link asks, or what came of it; for a person who need not be signed in. */
export function ApprovalLink(props: Props) {
  const { linked, token } = props;
  const { standing, outcome } = linked;
  return (
    <Stack gap="lg">
      <Title order={1}>{headingOf(linked)}</Title>
      {outcome !== null && standing !== "left" && <Text>{outcomeWords(linked)}</Text>}
      {standing !== "open" && standing !== "decided" && <Text>{WHY_NOT[standing]}</Text>}
      {standing === "left" ? null : (
        <>
          {outcome !== null && outcome.notes !== null && <Written label="Notes with the answer" text={outcome.notes} />}
          <AskedFor linked={linked} />
          <Answer {...props} />
          <Text size="sm" c="dimmed">
            <Anchor href={`/projects/${linked.project.id}/approvals/${linked.id}`} underline="always">
              See it in the project
            </Anchor>{" "}
            with everything that happened. You sign in there.
          </Text>
          {outcome === null && <NoteOpened token={token} />}
        </>
      )}
    </Stack>
  );
}
