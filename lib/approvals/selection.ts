/** Which one of a list is selected after a key: `j` goes on, `k` goes back, and neither leaves the list. */
export function neighbour(ids: readonly string[], selected: string | null, key: "j" | "k"): string | null {
  const at = selected === null ? -1 : ids.indexOf(selected);
  if (at === -1) return ids[0] ?? null;
  return ids[at + (key === "j" ? 1 : -1)] ?? ids[at] ?? null;
}

/** Which one is selected when this one has left the list: the one that took its place, else the last. */
export function successor(ids: readonly string[], left: string): string | null {
  const at = ids.indexOf(left);
  return ids[at + 1] ?? ids[at - 1] ?? null;
}
