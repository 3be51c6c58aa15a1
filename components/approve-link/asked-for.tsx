import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { RiskWord } from "@/components/approvals/words";
import { Written } from "@/components/approvals/written";
import { FactList } from "@/components/status/fact-list";
import { RelativeTime } from "@/components/status/relative-time";
import type { LinkedApproval, Standing } from "@/lib/approvals/mailed/standing";
import { utcWords } from "@/lib/core/time";

const TIMEOUT = { approve: "Approved", deny: "Denied" } as const;

const MAY_DECIDE: readonly Standing[] = ["open", "sign_in"];

function factsOf(linked: LinkedApproval): [label: string, value: ReactNode][] {
  const { requester, project, standing, risk, need, approved, outcome, expiresAt, timeoutAction, recipient } = linked;
  const facts: [string, ReactNode][] = [
    ["Asked by", requester],
    ["Project", project.name],
    ["Risk", <RiskWord key="risk" risk={risk} />],
  ];
  if (need > 1) facts.push(["Approvals", `${approved} of ${need}`]);
  if (outcome !== null) return facts;
  const whenNobodyAnswers = (
    <>
      {TIMEOUT[timeoutAction]} at {utcWords(Date.parse(expiresAt))}, <RelativeTime at={expiresAt} />
    </>
  );
  return [
    ...facts,
    ["If nobody answers", whenNobodyAnswers],
    [MAY_DECIDE.includes(standing) ? "You decide as" : "Sent to", recipient.email],
  ];
}

/** The question: who asks, what for, and by when; what the requester wrote is marked as such. */
export function AskedFor({ linked }: { linked: LinkedApproval }) {
  const { context, action, args } = linked.asked;
  return (
    <Stack gap="md">
      <Written label="Written by the requester, not by Pulsetrail" text={context} />
      {action !== null && <Written label="Action, as the requester named it" text={action} />}
      {args !== null && <Written label="Its arguments, from the requester too" text={JSON.stringify(args, null, 2)} />}
      <FactList facts={factsOf(linked)} />
    </Stack>
  );
}
