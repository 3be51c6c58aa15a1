"use client";

import { Loader, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { CopyField } from "@/components/status/copy-field";
import classes from "./waiting-panel.module.css";

/** Stands while a check has never been heard of, and says so by itself when the first signal arrives. */
export function WaitingPanel({ command, hasSignal }: { command: string; hasSignal: boolean }) {
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
        {hasSignal
          ? "From now on the check is watched. It is listed below."
          : "Run this anywhere, now or at the end of the job. This page notices by itself."}
      </Text>
      {!hasSignal && <CopyField label="command of the first signal" value={command} />}
    </div>
  );
}
