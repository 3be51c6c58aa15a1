"use client";

import { Paper, Table, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { useHidden } from "@/components/layout/held-deletes";
import { NothingLeft } from "@/components/layout/held-items";
import type { CheckRow } from "@/lib/checks/list/list";
import { BulkBar } from "./bulk-bar";
import { useCheckActions } from "./check-actions";
import classes from "./check-table.module.css";
import { CheckTableRow } from "./check-table-row";

type Props = { projectId: string; rows: CheckRow[]; canWrite: boolean };

/** A page of checks, with what can be done to one or to several of them. */
export function CheckTable({ projectId, rows, canWrite }: Props) {
  const hidden = useHidden();
  const [chosenIds, setChosenIds] = useState<ReadonlySet<string>>(new Set());
  const actions = useCheckActions(projectId);
  const shown = rows.filter(({ id }) => !hidden.includes(id));
  // What left the page is no longer chosen.
  const chosen = shown.filter(({ id }) => chosenIds.has(id));
  const choose = (id: string, isChosen: boolean) => {
    const others = chosen.map((check) => check.id).filter((other) => other !== id);
    setChosenIds(new Set(isChosen ? [...others, id] : others));
  };
  if (shown.length === 0) return <NothingLeft ids={rows.map(({ id }) => id)} />;
  return (
    <>
      {canWrite && <BulkBar shown={shown} chosen={chosen} onChoose={setChosenIds} actions={actions} />}
      <Paper>
        <Table verticalSpacing="sm" horizontalSpacing="md" aria-label="Checks" className={classes["table"] ?? ""}>
          <Head canWrite={canWrite} />
          <Table.Tbody>
            {shown.map((check) => (
              <CheckTableRow
                key={check.id}
                check={check}
                projectId={projectId}
                isChosen={chosenIds.has(check.id)}
                onChoose={canWrite ? choose : null}
                actions={actions}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Paper>
    </>
  );
}

function Head({ canWrite }: { canWrite: boolean }) {
  const narrow = classes["narrow"] ?? "";
  return (
    <Table.Thead>
      <Table.Tr>
        {canWrite && (
          <Table.Th className={narrow}>
            <VisuallyHidden>Select</VisuallyHidden>
          </Table.Th>
        )}
        <Table.Th className={narrow}>Status</Table.Th>
        <Table.Th>Name</Table.Th>
        <Table.Th visibleFrom="md">Last 30 days</Table.Th>
        <Table.Th visibleFrom="sm" className={classes["time"] ?? ""}>
          Last signal
        </Table.Th>
        <Table.Th visibleFrom="lg" className={classes["time"] ?? ""}>
          Next expected
        </Table.Th>
        {canWrite && (
          <Table.Th className={narrow}>
            <VisuallyHidden>Actions</VisuallyHidden>
          </Table.Th>
        )}
      </Table.Tr>
    </Table.Thead>
  );
}
