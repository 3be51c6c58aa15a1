"use client";

import { List, Paper, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { RelativeTime } from "@/components/status/relative-time";
import { schedulePreview } from "@/lib/checks/client";
import type { SchedulePreview as Preview } from "@/lib/checks/schedule/preview";
import { ApiError } from "@/lib/core/api";

const TYPING_MS = 300;

type Props = { projectId: string; expression: string; timeZone: string };

/** What an expression means while it is typed: in words, and its next runs in the chosen zone. */
export function SchedulePreview({ projectId, expression, timeZone }: Props) {
  const [asked] = useDebouncedValue(`${timeZone}\0${expression.trim()}`, TYPING_MS);
  const [tz = "", schedule = ""] = asked.split("\0");
  const { data, error } = useQuery({
    ...schedulePreview(projectId, { schedule, tz }),
    placeholderData: keepPreviousData,
  });
  return (
    <Paper p="md" bg="var(--pt-well)" aria-live="polite" aria-label="Preview of the schedule" component="section">
      <Meaning preview={error === null ? data : undefined} error={error} />
    </Paper>
  );
}

function Meaning({ preview, error }: { preview: Preview | undefined; error: unknown }) {
  if (preview === undefined)
    return (
      <Text size="sm" c="dimmed">
        {meanwhile(error)}
      </Text>
    );
  return (
    <Stack gap={6}>
      {preview.description !== null && <Text fw={500}>{preview.description}.</Text>}
      <Text size="sm" c="dimmed">
        {preview.next_runs.length === 0 ? "It does not come due again." : `Next runs in ${preview.time_zone}`}
      </Text>
      <List size="sm" listStyleType="none" spacing={2}>
        {preview.next_runs.map((run) => (
          <List.Item key={run}>
            {wallTime(run, preview.time_zone)}{" "}
            <Text span size="sm" c="dimmed">
              <RelativeTime at={run} />
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function meanwhile(error: unknown): string {
  if (error === null || error === undefined) return "The next runs are shown here.";
  if (error instanceof ApiError && error.status === 0) return "The connection is lost, so there is no preview.";
  return "This does not come due. The next runs are shown here once it does.";
}

function wallTime(at: string, timeZone: string): string {
  const format = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
  const clock = { hour: "2-digit", minute: "2-digit", second: /:00\.000Z$/.test(at) ? undefined : "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", { ...format, ...clock, timeZone }).format(new Date(at));
}
