"use client";

import { Paper, Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./wide-table.module.css";

/** `null` as a column has no words of its own: buttons stand there. At most six. */
type Props = { label: string; columns: (string | null)[]; minWidth?: number; children: ReactNode };

/** A table that scrolls by itself where the window is narrow, and stacks its cells on phones. */
export function WideTable({ label, columns, minWidth = 560, children }: Props) {
  const names = columns.map((column, at) => [`--column-${at + 1}`, JSON.stringify(column ?? "")]);
  return (
    <Paper>
      {/* What is hidden from sight is placed absolutely, and must scroll along. */}
      <Table.ScrollContainer
        minWidth={minWidth}
        type="native"
        pos="relative"
        tabIndex={0}
        role="region"
        aria-label={label}
        classNames={{ scrollContainerInner: classes["inner"] ?? "" }}
      >
        <Table
          verticalSpacing="sm"
          horizontalSpacing="md"
          className={classes["table"] ?? ""}
          style={Object.fromEntries(names)}
        >
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column ?? ""}>{column ?? <VisuallyHidden>Actions</VisuallyHidden>}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>{children}</Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
