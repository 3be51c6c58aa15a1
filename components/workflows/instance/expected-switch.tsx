"use client";

import { Switch } from "@mantine/core";
import { useEffect, useState } from "react";
import { useChange } from "@/components/layout/use-change";
import { setExpected } from "@/lib/costs/tab/client";

type Props = { projectId: string; id: string; isExpected: boolean };

/** Whether what an instance cost was expected, so that others are not measured by it. */
export function ExpectedSwitch({ projectId, id, isExpected }: Props) {
  const change = useChange(setExpected(projectId, id));
  // As it was asked for, until the page knows.
  const [shown, setShown] = useState(isExpected);
  useEffect(() => setShown(isExpected), [isExpected]);
  const ask = (expected: boolean): void => {
    if (change.isPending) return;
    setShown(expected);
    change.mutate(expected, { onError: () => setShown(!expected) });
  };
  return (
    <Switch
      size="xs"
      label="Expected"
      title="Others are not measured by the cost of one that was expected"
      checked={shown}
      onChange={(event) => ask(event.currentTarget.checked)}
    />
  );
}
