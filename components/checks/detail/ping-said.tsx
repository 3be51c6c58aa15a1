import { Code, Group, Text } from "@mantine/core";
import { durationWords } from "@/lib/checks/detail/durations";
import type { PingEntry } from "@/lib/checks/detail/log";
import { IGNORED_WORDS } from "@/lib/checks/detail/rule-words";
import { boundWords } from "@/lib/checks/metrics/words";

const SHOWN_FIELDS = 8;

const valueWords = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

type Field = { key: string; text: string };

const toField =
  (prefix: string) =>
  ([name, value]: [string, unknown]): Field => ({
    key: `${prefix}${name}`,
    text: `${name}=${valueWords(value).slice(0, 80)}`,
  });

/** Metadata as names with values; the metrics in it stand by themselves. */
function fieldsOf(metadata: Record<string, unknown>): Field[] {
  const { metrics, ...others } = metadata;
  if (typeof metrics !== "object" || metrics === null) return Object.entries(metadata).map(toField(""));
  return [...Object.entries(metrics).map(toField("metrics ")), ...Object.entries(others).map(toField(""))];
}

/** What a signal said of itself: its status and message, its own measure of the duration, its run, its metadata. */
export function PingSaid({ ping }: { ping: PingEntry }) {
  const { message, status_text: status, metadata = {}, ignored_because: ignored, ...reported } = ping.details ?? {};
  const took = reported.reported_duration_ms;
  const facts = [
    status,
    took === undefined ? reported.reported_duration : `took ${durationWords(took)} by its own measure`,
    ignored === undefined ? undefined : IGNORED_WORDS[ignored],
    ping.rid === null ? undefined : `run ${ping.rid}`,
  ].filter((fact) => fact !== undefined);
  const fields = fieldsOf(metadata);
  const isSilent = [message, reported.out_of_bounds, facts[0], fields[0]].every((said) => said === undefined);
  if (isSilent) return null;
  return (
    <div style={{ overflowWrap: "anywhere", maxWidth: 560 }}>
      {message !== undefined && (
        <Text size="sm" lineClamp={3} title={message}>
          {message}
        </Text>
      )}
      {reported.out_of_bounds !== undefined && (
        <Text size="sm" c="var(--pt-down)">
          {boundWords(reported.out_of_bounds)}
        </Text>
      )}
      {facts.length > 0 && <Text size="xs">{facts.join(" · ")}</Text>}
      {fields.length > 0 && (
        <Group gap={4} mt={2}>
          {fields.slice(0, SHOWN_FIELDS).map(({ key, text }) => (
            <Code key={key}>{text}</Code>
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
