"use client";

import { Group } from "@mantine/core";
import { CopyAction } from "./copy-action";
import classes from "./copy-field.module.css";

/** Something to paste elsewhere, with a button that copies it. `label` says what it is. */
export function CopyField({ value, label }: { value: string; label: string }) {
  return (
    <Group className={classes["field"] ?? ""} gap="xs" wrap="nowrap" align="flex-start">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={classes["text"]} tabIndex={0} aria-label={label}>
        <pre>{value}</pre>
      </section>
      <CopyAction value={value} label={label} />
    </Group>
  );
}
