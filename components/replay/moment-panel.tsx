import { Paper } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { durationWords } from "@/lib/checks/detail/durations";
import type { Moment } from "@/lib/replay/page/moment";
import { costWords, tokenWords } from "@/lib/replay/page/words";
import classes from "./deck.module.css";

const count = (value: number): string => value.toLocaleString("en");
const NAMED = 2;

type Named = { path: string; name: string | null };
const stageWords = ({ path, name }: Named): string => (name === null ? path : `${path} (${name})`);

function awaitedWords(awaited: readonly Named[], declared: number | null): string {
  if (awaited.length === 0) return declared === null ? "none is declared" : "none: all have come";
  const more = awaited.length - NAMED;
  const named = awaited.slice(0, NAMED).map(stageWords).join(", ");
  return more > 0 ? `${named} and ${count(more)} more` : named;
}

type Props = {
  moment: Moment;
  /** How many stages are declared; null when none are. */
  declared: number | null;
  names: ReadonlyMap<string, string | null>;
};

/** What was known when the chosen step had come. */
export function MomentPanel({ moment, declared, names }: Props) {
  const { reached, failures, agent, awaited, sums, next, sinceStartMs, sinceLastMs } = moment;
  const nextName = next === null ? null : (next.row.name ?? names.get(next.row.path) ?? null);
  const facts: [string, string][] = [
    ["Since the start", durationWords(sinceStartMs)],
    ["Since the step before", sinceLastMs === null ? "it is the first" : durationWords(sinceLastMs)],
    ["Stages reached", declared === null ? count(reached) : `${count(reached)} of ${count(declared)}`],
    ["Failed steps so far", count(failures)],
    ["Agent at work", agent ?? "none named"],
    ["Cost so far", costWords(sums)],
    ["Tokens so far", tokenWords(sums)],
    ["Waiting for", awaitedWords(awaited, declared)],
    [
      "What came next",
      next === null
        ? "nothing yet"
        : `${stageWords({ path: next.row.path, name: nextName })} after ${durationWords(next.afterMs)}`,
    ],
  ];
  return (
    <Section title="State at this step">
      <Paper p="md">
        <dl className={classes["moment"]} data-testid="moment">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd title={value}>{value}</dd>
            </div>
          ))}
        </dl>
      </Paper>
    </Section>
  );
}
