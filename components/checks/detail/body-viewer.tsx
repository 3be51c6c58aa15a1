"use client";

import { Alert, Button, Loader, Modal, Stack, Text } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useState } from "react";
import { pingBody } from "@/lib/checks/client";
import { sizeWords } from "@/lib/checks/detail/log";
import classes from "./body-viewer.module.css";

type Shown = { n: number; bytes: number };
const OpenContext = createContext<(shown: Shown) => void>(() => undefined);

type Props = { projectId: string; checkId: string; children: ReactNode };

/** Shows what signals came with, always as text. It outlives the line that opened it, which a newer signal may push out. */
export function BodyViewer({ projectId, checkId, children }: Props) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [isOpen, setOpen] = useState(false);
  const open = (next: Shown): void => {
    setShown(next);
    setOpen(true);
  };
  return (
    <OpenContext value={open}>
      {children}
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Body of signal #${shown?.n ?? ""}`} size="xl">
        {shown !== null && <Body key={shown.n} projectId={projectId} checkId={checkId} shown={shown} />}
      </Modal>
    </OpenContext>
  );
}

function Body({ projectId, checkId, shown }: { projectId: string; checkId: string; shown: Shown }) {
  const { data, error, isPending } = useQuery(pingBody(projectId, { checkId, n: shown.n }));
  if (isPending) return <Loader size="sm" aria-label="Loading" />;
  if (error !== null) return <Alert color="red">{error.message}</Alert>;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {sizeWords(shown.bytes)}, as text.
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section tabIndex={0} aria-label="Body">
        <pre className={classes["body"]}>{data}</pre>
      </section>
    </Stack>
  );
}

/** Opens the body of a signal in the viewer around it. */
export function BodyButton({ n, bytes }: Shown) {
  const open = useContext(OpenContext);
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      leftSection={<IconFileText size={15} />}
      aria-label={`Body of signal #${n}, ${sizeWords(bytes)}`}
      onClick={() => open({ n, bytes })}
    >
      {sizeWords(bytes)}
    </Button>
  );
}
