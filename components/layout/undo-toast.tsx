"use client";

import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { holdDelete, undoDelete } from "./held-deletes";

type Delete = {
  ids: string[];
  /** What is said at once, as if it were done. */
  done: string;
  /** Does it, and tells which ids are still there. */
  run: () => Promise<string[]>;
};

let made = 0;

/** The one way to delete what can come back: it is gone from sight at once, and in truth after a while in which it can be undone. */
export function deleteWithUndo({ ids, done, run }: Delete): void {
  made += 1;
  const key = `delete-${made}`;
  holdDelete(key, ids, () => {
    notifications.hide(key);
    return run();
  });
  const undo = (): void => {
    undoDelete(key);
    notifications.hide(key);
  };
  notifications.show({
    id: key,
    color: "pine",
    autoClose: false,
    withCloseButton: false,
    message: (
      <Group justify="space-between" wrap="nowrap" gap="sm">
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {done}
        </Text>
        <Button size="compact-sm" variant="default" flex="none" onClick={undo}>
          Undo
        </Button>
      </Group>
    ),
  });
}
