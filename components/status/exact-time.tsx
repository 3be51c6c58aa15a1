import { Text } from "@mantine/core";
import { RelativeTime } from "./relative-time";

/** `2026-01-31 08:00:05` of an ISO 8601 moment. */
export const exactWords = (at: string): string => at.slice(0, 19).replace("T", " ");

/** A moment to the second, and how long ago that is. */
export function ExactTime({ at }: { at: string }) {
  return (
    <>
      <Text size="sm" style={{ whiteSpace: "nowrap" }}>
        {exactWords(at)}
      </Text>
      <Text size="xs" c="dimmed">
        <RelativeTime at={at} />
      </Text>
    </>
  );
}
