"use client";

import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { type HotkeyItem, useHotkeys } from "@mantine/hooks";
import { createSpotlight, Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { usePaletteEntries } from "./palette-entries";

const [store, palette] = createSpotlight();
const OPEN_EVENT = "pulsetrail:shortcuts";
/** How long after `g` the second key of a pair counts. */
const PAIR_MS = 1000;

/** Shows the sheet of keyboard shortcuts. */
export function openShortcuts(): void {
  dispatchEvent(new Event(OPEN_EVENT));
}

/** Opens the command palette. */
export function openPalette(): void {
  palette.open();
}

const PLACES = [
  { key: "o", path: "", label: "Overview" },
  { key: "c", path: "/checks", label: "Checks" },
  { key: "w", path: "/workflows", label: "Workflows" },
  { key: "p", path: "/approvals", label: "Approvals" },
  { key: "m", path: "/costs", label: "Costs" },
  { key: "l", path: "/alerts", label: "Alerts" },
  { key: "h", path: "/channels", label: "Channels" },
  { key: "s", path: "/settings", label: "Settings" },
] as const;

const OTHERS = [
  { keys: ["mod", "K"], label: "Find anything", isWrite: false },
  { keys: ["n"], label: "New check", isWrite: true },
  { keys: ["/"], label: "Search this list", isWrite: false },
  { keys: ["j", "k"], label: "Next and previous step of an instance, or approval", isWrite: false },
  { keys: ["[", "]"], label: "Step back and forward in a replay", isWrite: false },
  { keys: ["Space"], label: "Play and pause a replay", isWrite: false },
  { keys: ["f", "n", "p"], label: "First, next and previous difference of two instances", isWrite: false },
  { keys: ["Enter"], label: "Open the selected approval", isWrite: false },
  { keys: ["a", "d"], label: "Approve and deny the selected approval", isWrite: true },
  { keys: ["?"], label: "This sheet", isWrite: false },
];

/** A key that does nothing behind a dialog: it would take the page away from under it. */
const alone = (act: () => void) => () => {
  if (document.querySelector("[aria-modal]") === null) act();
};

/** Unless the page has another use for the key. */
const unlessTaken = (key: string, act: () => void) => () => {
  if (document.querySelector(`[data-keys~="${key}"]`) === null) act();
};

/** The keyboard map of a project, its sheet, and the command palette. Keys never act inside fields. */
export function Shortcuts({ projectId, canWrite }: { projectId: string; canWrite: boolean }) {
  const router = useRouter();
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const leaderAt = useRef(Number.NEGATIVE_INFINITY);
  const base = `/projects/${projectId}`;
  const go = (path: string) => router.push(`${base}${path}` as "/");
  const { entries, isLooking } = usePaletteEntries(projectId, typed, go);
  const second = (path: string) => () => {
    if (performance.now() - leaderAt.current < PAIR_MS) go(path);
  };
  useEffect(() => {
    const open = () => setOpen(true);
    addEventListener(OPEN_EVENT, open);
    return () => removeEventListener(OPEN_EVENT, open);
  }, []);
  const lead = () => {
    leaderAt.current = performance.now();
  };
  useHotkeys([
    ["?", alone(() => setOpen(true)), { usePhysicalKeys: false }],
    ["shift+?", alone(() => setOpen(true)), { usePhysicalKeys: false }],
    ...(canWrite ? [["n", alone(unlessTaken("n", () => go("/checks/new")))] satisfies HotkeyItem] : []),
    ["/", alone(() => document.querySelector<HTMLElement>("[data-search]")?.focus())],
    ["g", alone(lead)],
    ...PLACES.map(({ key, path }): [string, () => void] => [key, alone(second(path))]),
  ]);
  const newCheck = {
    id: "new-check",
    label: "New check",
    description: "Watch another job",
    onClick: () => go("/checks/new"),
  };
  const newWorkflow = {
    id: "new-workflow",
    label: "New workflow",
    description: "Watch another pipeline",
    onClick: () => go("/workflows/new"),
  };
  const actions: SpotlightActionData[] = [
    ...(canWrite ? [newCheck, newWorkflow] : []),
    ...PLACES.map(({ path, label }) => ({ id: label, label, description: "Go to", onClick: () => go(path) })),
    ...entries,
  ];
  return (
    <>
      <Spotlight
        store={store}
        actions={actions}
        shortcut="mod + K"
        limit={16}
        query={typed}
        onQueryChange={setTyped}
        // What scrolls must be reachable by keyboard (WCAG 2.1.1).
        scrollAreaProps={{ viewportProps: { tabIndex: 0, role: "group", "aria-label": "Found" } }}
        nothingFound={isLooking ? "Looking…" : "Nothing has that name."}
        searchProps={{
          leftSection: <IconSearch size={18} />,
          placeholder: "Find a check, a workflow or a page",
          "aria-label": "Find",
        }}
      />
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Keyboard shortcuts"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Stack gap="xs">
          {OTHERS.filter(({ isWrite }) => canWrite || !isWrite).map(({ keys, label }) => (
            <Row key={label} keys={keys} label={label} />
          ))}
          {PLACES.map(({ key, label }) => (
            <Row key={label} keys={["g", key]} label={`Go to ${label}`} />
          ))}
        </Stack>
      </Modal>
    </>
  );
}

function Row({ keys, label }: { keys: string[]; label: string }) {
  return (
    <Group justify="space-between">
      <Text size="sm">{label}</Text>
      <Group gap={4}>
        {keys.map((key) => (
          <Kbd key={key}>{key === "mod" ? "⌘ or Ctrl" : key}</Kbd>
        ))}
      </Group>
    </Group>
  );
}
