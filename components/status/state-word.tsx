import { Group, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ShownStatus } from "@/lib/checks/present";
import classes from "./state-word.module.css";

type Props = { tone: ShownStatus; word: string /** In place of the dot. */; icon?: Icon };

/** A state of anything as dot or icon and word, in the colours that checks have. */
export function StateWord({ tone, word, icon: Sign }: Props) {
  return (
    <Group component="span" gap={8} wrap="nowrap" className={classes["status"] ?? ""} data-status={tone}>
      {Sign === undefined ? (
        <span className={classes["dot"]} aria-hidden="true" />
      ) : (
        <Sign size={17} stroke={2} aria-hidden="true" />
      )}
      <Text component="span" size="sm" fw={500} inherit={false} c="inherit" style={{ whiteSpace: "nowrap" }}>
        {word}
      </Text>
    </Group>
  );
}
