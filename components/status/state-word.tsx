import { Group, Text } from "@mantine/core";
import type { ShownStatus } from "@/lib/checks/present";
import classes from "./state-word.module.css";

/** A state of anything as dot and word, in the colours that checks have. */
export function StateWord({ tone, word }: { tone: ShownStatus; word: string }) {
  return (
    <Group component="span" gap={8} wrap="nowrap" className={classes["status"] ?? ""} data-status={tone}>
      <span className={classes["dot"]} aria-hidden="true" />
      <Text component="span" size="sm" fw={500} inherit={false} c="inherit">
        {word}
      </Text>
    </Group>
  );
}
