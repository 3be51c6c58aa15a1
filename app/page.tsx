import { Group, Stack, Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { LinkButton } from "@/components/layout/link-button";
import { PlainPage } from "@/components/layout/plain-page";
import { findViewer } from "@/lib/auth/page";
import { env } from "@/lib/env";
import { listProjectsOf } from "@/lib/projects/memberships";
import { health } from "@/lib/sweeper/health";

export const metadata: Metadata = { title: { absolute: "Pulsetrail: watches what must happen on its own" } };

export default async function HomePage() {
  const viewer = await findViewer();
  if (viewer !== null) {
    const [first] = await listProjectsOf(viewer.user.id);
    redirect(first === undefined ? "/projects/new" : `/projects/${first.id}`);
  }
  const { status, version } = await health();
  return (
    <PlainPage wide>
      <Stack gap="md">
        <Title order={1}>Know when what should have happened did not</Title>
        <Text size="lg" c="dimmed">
          Cron jobs, servers and pipelines report to Pulsetrail. When one falls silent, fails or runs too long, the
          people who care are told: once, and with the reason.
        </Text>
        <Group gap="sm">
          <LinkButton href="/sign-in">Sign in</LinkButton>
          {env().SIGNUPS === "open" && (
            <LinkButton href="/sign-up" variant="default">
              Sign up
            </LinkButton>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {status === "ok" ? "Pulsetrail is running" : "The database does not answer"} · version {version}
        </Text>
      </Stack>
    </PlainPage>
  );
}
