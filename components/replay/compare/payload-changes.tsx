"use client";

import { Text, VisuallyHidden } from "@mantine/core";
import { visible } from "@/lib/core/visible";
import type { PayloadDifference } from "@/lib/replay/compare-detail";
import type { Names } from "@/lib/replay/compare-words";
import classes from "./compare.module.css";

const MAX_SHOWN = 200;

const shown = (value: unknown): string => visible(JSON.stringify(value, null, 2));
const wordsOf = (count: number): string => (count === 1 ? "1 place" : `${count.toLocaleString("en")} places`);

/** The places at which two payloads differ, each with what stands there on both sides. */
export function PayloadChanges({ changes, isExact, names }: PayloadDifference & { names: Names }) {
  if (changes.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {isExact ? "The payloads are the same." : "The payloads are the same but for ids and times."}
      </Text>
    );
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        The payloads differ at {wordsOf(changes.length)}
        {changes.length > MAX_SHOWN && `; the first ${MAX_SHOWN} are shown`}
      </Text>
      <ul className={classes["changes"]} aria-label="Differences of the payloads">
        {changes.slice(0, MAX_SHOWN).map((change) => (
          <li key={change.path}>
            <code>{change.path === "" ? "the whole" : visible(change.path)}</code>
            <Value owner={names.a} is="before" text={change.is === "added" ? null : shown(change.before)} />
            <Value owner={names.b} is="after" text={change.is === "removed" ? null : shown(change.after)} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Value({ owner, is, text }: { owner: string; is: "before" | "after"; text: string | null }) {
  return (
    <div className={classes["value"]} data-is={text === null ? "none" : is}>
      <VisuallyHidden>{owner}: </VisuallyHidden>
      <pre>{text ?? "not there"}</pre>
    </div>
  );
}
