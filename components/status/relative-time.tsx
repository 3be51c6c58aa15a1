"use client";

import { Tooltip } from "@mantine/core";
import { relativeWords } from "@/lib/core/time";
import { useNow } from "./now";

/** A moment as people speak of it, with the exact one on hover and for programs. ISO 8601 in. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow();
  const exact = at.replace("T", " ").replace(/\.\d+|\+00:00|Z/g, "");
  return (
    <Tooltip label={`${exact} UTC`}>
      <time dateTime={at}>{relativeWords(Date.parse(at), now)}</time>
    </Tooltip>
  );
}
