import type { ShownStatus } from "@/lib/checks/present";

/** Every status people see, worst first. */
export const SHOWN_STATUSES = ["down", "late", "running", "up", "new", "paused"] as const satisfies ShownStatus[];

/** Which checks a list shows, as its address says. Blank and null filter nothing. */
export type ListFilter = { q: string; status: ShownStatus | null; tag: string; cursor: string | undefined };

type Params = Record<string, string | string[] | undefined>;

const MAX_LENGTH = 200;

/** Reads a filter from the parameters of a page's address. What makes no sense there filters nothing. */
export function readFilter(params: Params): ListFilter {
  const one = (name: string): string => {
    const value = params[name];
    // PostgreSQL refuses NUL even to compare with.
    return ((Array.isArray(value) ? value[0] : value) ?? "").replaceAll("\0", "").trim().slice(0, MAX_LENGTH);
  };
  return {
    q: one("q"),
    status: SHOWN_STATUSES.find((status) => status === one("status")) ?? null,
    tag: one("tag"),
    cursor: one("cursor") || undefined,
  };
}

/** Whether it leaves anything out. */
export function isFiltered({ q, status, tag }: ListFilter): boolean {
  return q !== "" || status !== null || tag !== "";
}

/** The address of a list with this filter: `?q=…`, or nothing. */
export function filterQuery({ q, status, tag, cursor }: ListFilter): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ q, status, tag, cursor })) if (value) params.set(name, value);
  const text = params.toString();
  return text === "" ? "" : `?${text}`;
}
