import { Code, Group, Text } from "@mantine/core";
import { saidInAll } from "@/lib/checks/runs/difference";
import type { RunEntry } from "@/lib/checks/runs/rate";

const SHOWN_FIELDS = 8;
const SHOWN_LENGTH = 80;

export const valueWords = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).slice(0, SHOWN_LENGTH);

/** What the two ends of a run said; of a field that both name, what the end said. */
export function RunSaid({ run }: { run: RunEntry }) {
  const words = [run.start, run.end]
    .flatMap((said) => [said?.status_text, said?.message])
    .filter((text) => text !== undefined);
  const fields = Object.entries(saidInAll(run.start, run.end));
  if (words.length === 0 && fields.length === 0) return "–";
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      {words.length > 0 && (
        <Text size="sm" lineClamp={3} title={words.join(" · ")}>
          {words.join(" · ")}
        </Text>
      )}
      {fields.length > 0 && (
        <Group gap={4} mt={2}>
          {fields.slice(0, SHOWN_FIELDS).map(([name, value]) => (
            <Code key={name}>{`${name}=${valueWords(value)}`}</Code>
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
