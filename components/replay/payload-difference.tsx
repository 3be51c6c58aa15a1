"use client";

import { Text } from "@mantine/core";
import { useMemo } from "react";
import well from "@/components/status/well.module.css";
import { type JsonChange, jsonDiff } from "@/lib/core/json-diff";
import { visible } from "@/lib/core/visible";
import classes from "./deck.module.css";

const MAX_CHANGES = 100;
const MAX_TEXT = 400;
const WORDS = { added: "Added", removed: "Removed", changed: "Changed" } as const;

function textOf(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return visible(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
}

type Props = {
  /** The payload of the step before, and its number. */
  before: unknown;
  beforeStep: number;
  after: unknown;
};

/** What is other in a payload than in that of the step before. */
export function PayloadDifference({ before, beforeStep, after }: Props) {
  const isPair = before !== null && after !== null;
  const changes = useMemo(() => (isPair ? jsonDiff(before, after) : []), [isPair, before, after]);
  const label = `Difference to step ${beforeStep}`;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4} lh="28px">
        {label}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={well["well"]} tabIndex={0} aria-label={label}>
        {before === null && <Text size="sm">Step {beforeStep} came without a payload.</Text>}
        {after === null && <Text size="sm">This step came without one.</Text>}
        {isPair && changes.length === 0 && <Text size="sm">The payload is the same.</Text>}
        {changes.slice(0, MAX_CHANGES).map((change) => (
          <Change key={`${change.is} ${change.path}`} change={change} />
        ))}
        {changes.length > MAX_CHANGES && (
          <Text size="sm" c="dimmed">
            And {(changes.length - MAX_CHANGES).toLocaleString("en")} more.
          </Text>
        )}
      </section>
    </div>
  );
}

function Change({ change: { path, is, before, after } }: { change: JsonChange }) {
  return (
    <div className={classes["change"]}>
      <span>
        {WORDS[is]} <code>{path === "" ? "the whole" : visible(path)}</code>
      </span>
      {is !== "added" && (
        <code className={classes["before"]}>
          <span aria-hidden="true">− </span>
          {textOf(before)}
        </code>
      )}
      {is !== "removed" && (
        <code className={classes["after"]}>
          <span aria-hidden="true">+ </span>
          {textOf(after)}
        </code>
      )}
    </div>
  );
}
