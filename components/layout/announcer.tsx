"use client";

import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { changeWords, type StatusChange } from "@/lib/projects/change-words";

/** Tells those who do not see the page which checks went down or came back since they opened it. */
export function Announcer({ changes }: { changes: StatusChange[] }) {
  const known = useRef<ReadonlySet<number> | null>(null);
  const [said, setSaid] = useState("");
  useEffect(() => {
    const before = known.current;
    known.current = new Set(changes.map(({ id }) => id));
    // What happened before the page was opened stands on it.
    const fresh = before === null ? [] : changes.filter(({ id }) => !before.has(id));
    if (fresh.length > 0) setSaid(changeWords(fresh));
  }, [changes]);
  return (
    <VisuallyHidden role="status" aria-live="polite" data-testid="announcer">
      {said}
    </VisuallyHidden>
  );
}
