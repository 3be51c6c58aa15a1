/** A check went down, or came back; `id` is that of its alert. */
export type StatusChange = { id: number; checkId: string; name: string; isDown: boolean };

/** More checks than this are counted, not named. */
const NAMED = 3;

const counted = (count: number, rest: string): string =>
  count === 0 ? "" : `${count} check${count === 1 ? " is" : "s are"} ${rest}.`;

/** What is said of changes, given oldest first: how each check is now, by name, or how many there are. */
export function changeWords(changes: StatusChange[]): string {
  const latest = [...new Map(changes.map((change) => [change.checkId, change])).values()];
  if (latest.length <= NAMED)
    return latest.map(({ name, isDown }) => `${name} is ${isDown ? "down" : "up again"}.`).join(" ");
  const down = latest.filter(({ isDown }) => isDown).length;
  return [counted(down, "down"), counted(latest.length - down, "up again")].filter(Boolean).join(" ");
}
