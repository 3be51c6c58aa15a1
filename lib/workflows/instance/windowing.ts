/** Rows drawn beyond each edge, so that a quick scroll meets no gap. */
const MARGIN = 8;

/** What is seen of a list: how far it is scrolled and how high its window is, both in pixels. */
export type View = { scrollTop: number; height: number };

/** Which of `count` rows of one height are in view, with a margin: from `first` up to but without `end`. */
export function rowsInView(
  count: number,
  rowHeight: number,
  { scrollTop, height }: View,
): { first: number; end: number } {
  const top = Math.min(Math.max(0, scrollTop), Math.max(0, count * rowHeight - height));
  const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN);
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + MARGIN);
  return { first: Math.min(first, end), end };
}

/** How far to scroll so that a row is whole in view: not at all when it is, else no further than it takes. */
export function scrollTo(row: number, rowHeight: number, { scrollTop, height }: View): number {
  const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight];
  if (top < scrollTop) return top;
  return bottom > scrollTop + height ? Math.max(0, bottom - height) : scrollTop;
}

const KEYS: Record<string, (row: number, page: number, last: number) => number> = {
  ArrowDown: (row) => row + 1,
  ArrowUp: (row) => row - 1,
  PageDown: (row, page) => row + page,
  PageUp: (row, page) => row - page,
  Home: () => 0,
  End: (_row, _page, last) => last,
};

/**
 * The row a key leads to from the present one, in a list of `count`; null for keys that lead nowhere. Without a present
 * row it is the first, or the last one for End.
 */
export function rowAfterKey(
  key: string,
  present: number | null,
  { count, page }: { count: number; page: number },
): number | null {
  const move = KEYS[key];
  if (move === undefined || count === 0) return null;
  const last = count - 1;
  if (present === null) return key === "End" ? last : 0;
  return Math.min(last, Math.max(0, move(present, page, last)));
}
