"use client";

import { Loader, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { CopyField } from "./copy-field";
import classes from "./waiting-panel.module.css";

type Props = {
  command: string;
  hasSignal: boolean;
  /** What is said below the title, before the first signal and from then on. */
  words?: { before: string; after: string };
};

const OF_CHECK = {
  before: "Run this anywhere, now or at the end of the job. This page notices by itself.",
  after: "From now on the check is watched. It is listed below.",
};

/** Stands while nothing has ever been heard, and says so by itself when the first signal arrives. */
export function WaitingPanel({ command, hasSignal, words = OF_CHECK }: Props) {
  const [wasWaiting] = useState(!hasSignal);
  if (!wasWaiting) return null;
  return (
    <div className={classes["panel"]} data-arrived={hasSignal || undefined} data-testid="waiting">
      <div className={classes["title"]} aria-live="polite">
        {hasSignal ? (
          <>
            <IconCircleCheck size={20} aria-hidden="true" /> The first signal has arrived.
          </>
        ) : (
          <>
            <Loader size={18} color="var(--pt-running)" aria-hidden="true" /> Waiting for the first signal…
          </>
        )}
      </div>
      <Text size="sm" c="dimmed">
        {hasSignal ? words.after : words.before}
      </Text>
      {!hasSignal && <CopyField label="command of the first signal" value={command} />}
    </div>
  );
}
