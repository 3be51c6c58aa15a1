"use client";

import { Paper, Table, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";

/** `null` as a column has no words of its own: buttons stand there. */
type Props = { label: string; columns: (string | null)[]; minWidth?: number; children: ReactNode };

/** A table that scrolls by itself where the window is narrow. */
export function WideTable({ label, columns, minWidth = 560, children }: Props) {
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
      >
        <Table verticalSpacing="sm" horizontalSpacing="md">
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
