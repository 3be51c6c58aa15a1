"use client";

import { Button, Checkbox, Group } from "@mantine/core";
import type { CheckRow } from "@/lib/checks/list/list";
import { type Actions, inNumbers } from "./check-actions";
import classes from "./check-table.module.css";

type Props = {
  shown: CheckRow[];
  chosen: CheckRow[];
  onChoose: (ids: ReadonlySet<string>) => void;
  actions: Actions;
};

/** Chooses all checks of the page, and does something to those that are chosen. */
export function BulkBar({ shown, chosen, onChoose, actions: { pause, resume, remove } }: Props) {
  const offers = [
    { label: "Pause", act: pause, checks: chosen.filter(({ status }) => status !== "paused") },
    { label: "Resume", act: resume, checks: chosen.filter(({ status }) => status === "paused") },
    { label: "Delete", act: remove, checks: chosen, isGrave: true },
  ];
  return (
    <Group className={classes["bar"] ?? ""} gap="xs" role="group" aria-label="Selected checks">
      <Checkbox
        label={chosen.length === 0 ? "Select all on this page" : `${inNumbers(chosen.length)} selected`}
        checked={chosen.length > 0 && chosen.length === shown.length}
        indeterminate={chosen.length > 0 && chosen.length < shown.length}
        onChange={({ currentTarget }) => onChoose(new Set(currentTarget.checked ? shown.map(({ id }) => id) : []))}
      />
      {offers
        .filter(({ checks }) => checks.length > 0)
        .map(({ label, act, checks, isGrave = false }) => (
          <Button
            key={label}
            size="compact-sm"
            variant="default"
            {...(isGrave && { c: "var(--pt-down)" })}
            onClick={() => {
              act(checks);
              onChoose(new Set());
            }}
          >
            {label}
          </Button>
        ))}
    </Group>
  );
}
