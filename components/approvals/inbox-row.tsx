"use client";

import Link from "next/link";
import type { MouseEvent } from "react";
import type { ApprovalRow } from "@/lib/approvals/schema";
import classes from "./approvals.module.css";
import { Countdown } from "./countdown";
import { RiskWord, Votes } from "./words";

export const rowId = (id: string): string => `row-${id}`;

type Props = {
  projectId: string;
  row: ApprovalRow;
  isSelected: boolean;
  /** Shows it beside the list; null where there is no room, and the link leads to its page. */
  onSelect: ((id: string) => void) | null;
};

/** One approval of the inbox. */
export function InboxRow({ projectId, row, isSelected, onSelect }: Props) {
  const { approval_id: id, title, risk, requested_by: by, expires_at: until } = row;
  const onClick = (event: MouseEvent): void => {
    // By keyboard, and into another tab, it is a link.
    if (onSelect === null || event.detail === 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onSelect(id);
  };
  return (
    <li className={classes["row"]} data-selected={isSelected || undefined}>
      <Link
        id={rowId(id)}
        href={`/projects/${projectId}/approvals/${id}` as "/"}
        className={classes["open"]}
        aria-current={isSelected || undefined}
        onClick={onClick}
      >
        {title}
      </Link>
      <div className={classes["facts"]}>
        <RiskWord risk={risk} />
        <Countdown until={until} />
        <Votes row={row} />
        <span>{by}</span>
      </div>
    </li>
  );
}
