import type { Caller } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { listFrom } from "@/lib/core/search-query";
import { env } from "@/lib/env";
import { getApprovalPage, listApprovals } from "./queries";
import type { ApprovalPage, ApprovalRow, ApprovalStats } from "./schema";
import { type ApprovalSearch, historyQuery, inboxQuery } from "./search";
import { getApprovalStats } from "./stats";

/** What the inbox shows: what waits, and the selected one in full. `url` is the address of this installation. */
export type InboxView = {
  rows: ApprovalRow[];
  nextCursor: string | null;
  page: ApprovalPage | null;
  url: string;
  /** Nothing was ever asked for in this project. */
  isFirst: boolean;
};

/** The one that is named, also when it waits no more; null when there is none of this name. */
async function selected(caller: Caller, id: string | undefined): Promise<ApprovalPage | null> {
  if (id === undefined) return null;
  return getApprovalPage(caller, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
}

/** What waits in the caller's project, the soonest deadline first, with the one that is selected, else the first. */
export async function getInbox(caller: Caller, search: ApprovalSearch): Promise<InboxView> {
  const list = (query: ReturnType<typeof inboxQuery>) => listApprovals(caller, query);
  const [{ items, nextCursor }, named] = await Promise.all([
    listFrom(list, inboxQuery(search)),
    selected(caller, search.approval),
  ]);
  const page = named ?? (await selected(caller, items[0]?.approval_id));
  const isEmpty = items.length === 0 && page === null;
  const isFirst = isEmpty && (await listApprovals(caller, { limit: 1 })).items.length === 0;
  return { rows: items, nextCursor, page, url: env().BASE_URL, isFirst };
}

type HistoryView = { page: { items: ApprovalRow[]; nextCursor: string | null }; stats: ApprovalStats };

/** What was decided in the caller's project, newest first, and how fast. */
export async function getHistory(caller: Caller, search: ApprovalSearch): Promise<HistoryView> {
  const list = (query: ReturnType<typeof historyQuery>) => listApprovals(caller, query);
  const [page, stats] = await Promise.all([
    listFrom(list, historyQuery(search)),
    getApprovalStats(caller, { days: Number(search.days) }),
  ]);
  return { page, stats };
}

const SHOWN = 5;

/** The approvals of the caller's project that wait and run out of time first, at most five. */
export const listSoonest = async (caller: Caller): Promise<ApprovalRow[]> =>
  (await listApprovals(caller, { status: "pending", limit: SHOWN })).items;
