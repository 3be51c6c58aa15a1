import { Code, Group, Text } from "@mantine/core";
import { durationWords } from "@/lib/checks/detail/durations";
import type { PingEntry } from "@/lib/checks/detail/log";

const SHOWN_FIELDS = 8;

const valueWords = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** What a signal said of itself: its status and message, its own measure of the duration, its run, its metadata. */
export function PingSaid({ ping }: { ping: PingEntry }) {
  const { message, status_text: status, metadata = {}, ...reported } = ping.details ?? {};
  const took = reported.reported_duration_ms;
  const facts = [
    status,
    took === undefined ? reported.reported_duration : `took ${durationWords(took)} by its own measure`,
    ping.rid === null ? undefined : `run ${ping.rid}`,
  ].filter((fact) => fact !== undefined);
  const fields = Object.entries(metadata);
  if (message === undefined && facts.length === 0 && fields.length === 0) return null;
  return (
    <div style={{ overflowWrap: "anywhere", maxWidth: 560 }}>
      {message !== undefined && (
        <Text size="sm" lineClamp={3} title={message}>
          {message}
        </Text>
      )}
      {facts.length > 0 && <Text size="xs">{facts.join(" · ")}</Text>}
      {fields.length > 0 && (
        <Group gap={4} mt={2}>
          {fields.slice(0, SHOWN_FIELDS).map(([name, value]) => (
            <Code key={name}>{`${name}=${valueWords(value).slice(0, 80)}`}</Code>
          ))}
          {fields.length > SHOWN_FIELDS && (
            <Text size="xs" c="dimmed">
              and {fields.length - SHOWN_FIELDS} more
            </Text>
          )}
        </Group>
      )}
    </div>
  );
}
