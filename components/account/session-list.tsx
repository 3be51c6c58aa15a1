"use client";

import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { RelativeTime } from "@/components/status/relative-time";
import { endOtherSessions, endSession } from "@/lib/auth/client";
import type { SessionObject } from "@/lib/auth/sessions";
import { deviceWords } from "@/lib/projects/present";

/** Where a person is signed in, and the way out of each. */
export function SessionList({ sessions }: { sessions: SessionObject[] }) {
  return (
    <Paper>
      {sessions.map((session) => (
        <SessionLine key={session.id} session={session} />
      ))}
    </Paper>
  );
}

function SessionLine({ session }: { session: SessionObject }) {
  const end = useChange({ ...endSession(session.id), done: "Signed out there." });
  const device = deviceWords(session.user_agent);
  return (
    <Group justify="space-between" p="md" gap="sm">
      <Stack gap={0}>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {device}
          </Text>
          {session.current && (
            <Badge variant="light" tt="none">
              Here
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" component="div">
          Signed in <RelativeTime at={session.created_at} />, last seen <RelativeTime at={session.last_seen_at} />
        </Text>
      </Stack>
      {!session.current && (
        <Button
          size="xs"
          variant="default"
          loading={end.isPending}
          onClick={() => end.mutate()}
          aria-label={`Sign out there: ${device}`}
        >
          Sign out there
        </Button>
      )}
    </Group>
  );
}

/** Ends every other sign-in. */
export function SignOutElsewhere() {
  const end = useChange({ ...endOtherSessions, done: "Signed out everywhere else." });
  return (
    <Button variant="default" size="sm" loading={end.isPending} onClick={() => end.mutate()}>
      Sign out everywhere else
    </Button>
  );
}
