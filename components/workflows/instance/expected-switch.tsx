"use client";

import { Switch } from "@mantine/core";
import { useChange } from "@/components/layout/use-change";
import { setExpected } from "@/lib/costs/tab/client";

type Props = { projectId: string; id: string; isExpected: boolean };

/** Whether what an instance cost was expected, so that others are not measured by it. */
export function ExpectedSwitch({ projectId, id, isExpected }: Props) {
  const change = useChange(setExpected(projectId, id));
  return (
    <Switch
      size="xs"
      label="Expected"
      title="Others are not measured by the cost of one that was expected"
      // As it was asked for, until the page knows.
      checked={change.isPending ? change.variables : isExpected}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
    />
  );
}
