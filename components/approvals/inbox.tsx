"use client";

import { Paper, Text, Title } from "@mantine/core";
import { useHotkeys, useMediaQuery } from "@mantine/hooks";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { titleOf } from "@/lib/approvals/present";
import type { ApprovalPage, ApprovalRow, Decision } from "@/lib/approvals/schema";
import { neighbour, successor } from "@/lib/approvals/selection";
import { ApprovalView } from "./approval-view";
import classes from "./approvals.module.css";
import { InboxRow, rowId } from "./inbox-row";
import { useNotedView } from "./use-noted-view";
import { useRefreshAt } from "./use-refresh-at";

/** As in the style sheet: from here on there is room for two panes. */
const WIDE = "(min-width: 62em)";

type Props = {
  projectId: string;
  rows: ApprovalRow[];
  /** The selected one; null when there is none. */
  page: ApprovalPage | null;
  canCancel: boolean;
};

const isAlone = (): boolean => document.querySelector("[aria-modal]") === null;

/** Which one is selected. Where it is shown it stands in the address, so that what comes in meanwhile does not change it. */
function useSelection(page: ApprovalPage | null, isShown: boolean) {
  const router = useRouter();
  const path = usePathname();
  const search = useSearchParams();
  const [chosen, setChosen] = useState<string | null>(null);
  const loaded = page?.approval.approval_id ?? null;
  const isNamed = loaded !== null && search.get("approval") === loaded;
  const to = (id: string | null): string => {
    const next = new URLSearchParams(search);
    if (id === null) next.delete("approval");
    else next.set("approval", id);
    return next.size === 0 ? path : `${path}?${next}`;
  };
  const pinned = isNamed || chosen !== null || !isShown ? null : loaded;
  useEffect(() => {
    if (pinned === null) return;
    const url = new URL(location.href);
    url.searchParams.set("approval", pinned);
    history.replaceState(null, "", url);
  }, [pinned]);
  const choose = (id: string | null): void => {
    setChosen(id);
    router.replace(to(id) as "/", { scroll: false });
  };
  return { selected: chosen ?? loaded, isBehind: chosen !== null && chosen !== loaded, choose };
}

/** What waits for an answer, the soonest deadline first, and beside it the selected one where there is room. */
export function Inbox({ projectId, rows, page, canCancel }: Props) {
  const router = useRouter();
  const isWide = useMediaQuery(WIDE, false) === true;
  const { selected, isBehind, choose } = useSelection(page, isWide);
  // What was asked for by its key before the selected one was there; of no other one.
  const [wanted, setWanted] = useState<{ id: string; decision: Decision } | null>(null);
  const ids = rows.map(({ approval_id: id }) => id);
  useNotedView(projectId, isWide && !isBehind ? selected : null);
  useRefreshAt(rows[0]?.expires_at ?? null);
  const select = (id: string | null): void => {
    setWanted(null);
    if (id !== selected) choose(id);
  };
  const go = (key: "j" | "k") => () => {
    const id = isAlone() ? neighbour(ids, selected, key) : null;
    if (id === null) return;
    select(id);
    document.getElementById(rowId(id))?.focus();
  };
  const want = (decision: Decision) => () => {
    if (isWide && isBehind && selected !== null && isAlone()) setWanted({ id: selected, decision });
  };
  const open = (): void => {
    // A link or button that has the focus takes the key itself.
    if (selected !== null && isAlone() && document.activeElement === document.body)
      router.push(`/projects/${projectId}/approvals/${selected}`);
  };
  useHotkeys([
    ["j", go("j")],
    ["k", go("k")],
    ["a", want("approve")],
    ["d", want("deny")],
    ["Enter", open, { preventDefault: false }],
  ]);
  return (
    <div className={classes["panes"]}>
      <Paper component="ul" className={classes["list"] ?? ""} aria-label="Waiting">
        {rows.map((row) => (
          <InboxRow
            key={row.approval_id}
            projectId={projectId}
            row={row}
            isSelected={row.approval_id === selected}
            onSelect={isWide ? select : null}
          />
        ))}
        {rows.length === 0 && (
          <Text component="li" p="md" size="sm" c="dimmed">
            Nothing waits any more.
          </Text>
        )}
      </Paper>
      {page !== null && (
        <section className={classes["pane"]} aria-label="Selected approval" aria-busy={isBehind} inert={isBehind}>
          <Title order={2} size="h1" mb="sm" className={classes["wraps"] ?? ""}>
            {titleOf(page.approval.context)}
          </Title>
          <ApprovalView
            key={page.approval.approval_id}
            projectId={projectId}
            page={page}
            title={titleOf(page.approval.context)}
            canCancel={canCancel}
            initial={wanted?.id === page.approval.approval_id ? wanted.decision : null}
            hasKeys={isWide && !isBehind}
            onDone={() => select(successor(ids, page.approval.approval_id))}
          />
        </section>
      )}
    </div>
  );
}
