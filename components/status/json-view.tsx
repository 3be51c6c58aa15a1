"use client";

import { Group, Text } from "@mantine/core";
import { useMemo } from "react";
import { visible } from "@/lib/core/visible";
import { CopyAction } from "./copy-action";
import classes from "./well.module.css";

/** Something as JSON with its lines indented, and a button that copies it. */
export function JsonView({ label, value }: { label: string; value: unknown }) {
  const text = useMemo(() => JSON.stringify(value, null, 2), [value]);
  const shown = useMemo(() => visible(text), [text]);
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="xs" c="dimmed">
          {label}
        </Text>
        <CopyAction value={text} label={label} />
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={classes["well"]} tabIndex={0} aria-label={label}>
        <pre>{shown}</pre>
      </section>
    </div>
  );
}
