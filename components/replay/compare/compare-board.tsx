"use client";

import { Button, Group, Kbd, Stack, Switch, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useMemo } from "react";
import { Section } from "@/components/layout/section";
import type { ComparisonView } from "@/lib/replay/compare-queries";
import { type CompareRow, differingRows, fromRowColumns, neighbour } from "@/lib/replay/compare-rows";
import type { Names } from "@/lib/replay/compare-words";
import { ComparedPair } from "./compared-pair";
import { RowList } from "./row-list";
import { type Place, usePlace } from "./use-place";

type Props = { projectId: string; view: ComparisonView; names: Names; initial: Place };

type Moves = { first: () => void; next: () => void; previous: () => void; step: (by: 1 | -1) => void };

/** The keys of the page, wherever on it one is; n means this and not a new check. */
function useKeys({ first, next, previous, step }: Moves): void {
  const alone = (act: () => void) => () => {
    // A key does nothing behind a dialog.
    if (document.querySelector("[aria-modal]") === null) act();
  };
  useHotkeys([
    ["f", alone(first)],
    ["n", alone(next)],
    ["p", alone(previous)],
    ["j", alone(() => step(1))],
    ["k", alone(() => step(-1))],
  ]);
}

/** The rows that are listed, and where the chosen one is among them. */
function listed(rows: readonly CompareRow[], differing: readonly number[], { row, isOnly }: Place) {
  const shown = isOnly ? differing : rows.map((_, at) => at);
  const at = row === null ? -1 : shown.indexOf(row);
  return { shown, active: at === -1 ? null : at };
}

/** The steps of two instances, aligned: one goes from difference to difference and looks at both sides of each. */
export function CompareBoard({ projectId, view, names, initial }: Props) {
  const rows = useMemo(() => fromRowColumns(view.rows), [view.rows]);
  const differing = useMemo(() => differingRows(rows), [rows]);
  const [place, setPlace] = usePlace(initial);
  const { shown, active } = useMemo(() => listed(rows, differing, place), [rows, differing, place]);
  const select = (row: number | null | undefined): void => {
    if (row !== null && row !== undefined) setPlace({ row });
  };
  const moves: Moves = {
    first: () => select(view.divergence),
    next: () => select(neighbour(differing, place.row, "next")),
    previous: () => select(neighbour(differing, place.row, "previous")),
    step: (by) => select(shown[active === null ? 0 : active + by]),
  };
  useKeys(moves);
  const chosen = place.row === null ? undefined : rows[place.row];
  return (
    <>
      <Section title="Steps" action={<Count rows={rows.length} differing={differing.length} />}>
        <Stack gap="sm" data-keys="n">
          <Controls moves={moves} isOff={differing.length === 0} place={place} onChange={setPlace} />
          <RowList rows={rows} shown={shown} active={active} names={names} onSelect={(at) => select(shown[at])} />
        </Stack>
      </Section>
      {chosen !== undefined && (
        <ComparedPair
          projectId={projectId}
          ids={{ a: view.a.id, b: view.b.id }}
          row={chosen}
          names={names}
          onClose={() => setPlace({ row: null })}
        />
      )}
    </>
  );
}

function Count({ rows, differing }: { rows: number; differing: number }) {
  const words = differing === 1 ? "1 differs" : `${differing.toLocaleString("en")} differ`;
  return (
    <Text size="sm" c="dimmed" role="status" aria-label="Differences">
      {rows.toLocaleString("en")} {rows === 1 ? "place" : "places"}, {words}
    </Text>
  );
}

type ControlsProps = { moves: Moves; isOff: boolean; place: Place; onChange: (change: Partial<Place>) => void };

function Controls({ moves, isOff, place, onChange }: ControlsProps) {
  const buttons = [
    { label: "First difference", key: "f", act: moves.first },
    { label: "Previous", key: "p", act: moves.previous },
    { label: "Next", key: "n", act: moves.next },
  ];
  return (
    <Group justify="space-between" gap="sm">
      <Group gap="xs">
        {buttons.map(({ label, key, act }) => (
          <Button
            key={key}
            size="xs"
            variant={key === "f" ? "light" : "default"}
            disabled={isOff}
            onClick={act}
            aria-keyshortcuts={key}
            rightSection={
              <Kbd size="xs" visibleFrom="sm" aria-hidden="true">
                {key}
              </Kbd>
            }
          >
            {label}
          </Button>
        ))}
      </Group>
      <Switch
        size="sm"
        label="Only differences"
        disabled={isOff}
        checked={place.isOnly}
        onChange={({ currentTarget }) => onChange({ isOnly: currentTarget.checked })}
      />
    </Group>
  );
}
