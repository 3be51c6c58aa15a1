import { Text } from "@mantine/core";
import type { Difference } from "@/lib/checks/runs/difference";
import { valueWords } from "./run-said";

const SHOWN_LINES = 8;

/** One line for each field that is not as it was in the run before. */
function linesOf({ added, removed, changed }: Difference): string[] {
  return [
    ...Object.entries(changed).map(([name, { from, to }]) => `${name}: ${valueWords(from)} → ${valueWords(to)}`),
    ...Object.entries(added).map(([name, value]) => `${name}: new, ${valueWords(value)}`),
    ...Object.entries(removed).map(([name, value]) => `${name}: gone, was ${valueWords(value)}`),
  ];
}

/** How what a run said differs from what the run before it said. */
export function RunDifference({ difference }: { difference: Difference | null }) {
  if (difference === null) return "–";
  const lines = linesOf(difference);
  return (
    <div style={{ overflowWrap: "anywhere" }}>
      {lines.slice(0, SHOWN_LINES).map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
      {lines.length > SHOWN_LINES && (
        <Text size="xs" c="dimmed">
          and {lines.length - SHOWN_LINES} more
        </Text>
      )}
    </div>
  );
}
