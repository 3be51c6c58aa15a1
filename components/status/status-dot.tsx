import { Group, Text } from "@mantine/core";
import type { ShownStatus } from "@/lib/checks/present";
import classes from "./status-dot.module.css";

const WORDS: Record<ShownStatus, string> = {
  new: "New",
  up: "Up",
  late: "Late",
  down: "Down",
  paused: "Paused",
  running: "Running",
};

/** A status as dot and word, never colour alone. */
export function StatusDot({ status }: { status: ShownStatus }) {
  return (
    <Group component="span" gap={8} wrap="nowrap" className={classes["status"] ?? ""} data-status={status}>
      <span className={classes["dot"]} aria-hidden="true" />
      <Text component="span" size="sm" fw={500} inherit={false} c="inherit">
        {WORDS[status]}
      </Text>
    </Group>
  );
}
