import { Title } from "@mantine/core";
import type { Metadata } from "next";
import { NameForm, PasswordForm } from "@/components/account/account-forms";
import { SessionList, SignOutElsewhere } from "@/components/account/session-list";
import { PlainPage } from "@/components/layout/plain-page";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { NowProvider } from "@/components/status/now";
import { getAccount, listOwnSessions } from "@/lib/auth/account";
import { requireViewer } from "@/lib/auth/page";
import { callerInProject } from "@/lib/auth/session-caller";
import { databaseTime } from "@/lib/projects/overview";

export const metadata: Metadata = { title: "Account" };

export default async function AccountPage() {
  const caller = await callerInProject(await requireViewer(), null);
  const [account, sessions, now] = await Promise.all([getAccount(caller), listOwnSessions(caller), databaseTime()]);
  return (
    <NowProvider serverNow={now}>
      <PlainPage wide>
        <div>
          <TextLink href="/" size="sm">
            Back to the project
          </TextLink>
          <Title order={1}>Account</Title>
        </div>
        <Section title="You">
          <NameForm name={account.name} email={account.email} />
        </Section>
        <Section title="Password" description="Changing it signs you out everywhere else">
          <PasswordForm hasPassword={account.has_password} email={account.email} />
        </Section>
        <Section title="Where you are signed in" action={sessions.length > 1 ? <SignOutElsewhere /> : undefined}>
          <SessionList sessions={sessions} />
        </Section>
      </PlainPage>
    </NowProvider>
  );
}
