import type { Player } from "./fill";
import type { Moment } from "./timeline";

/** What is sent next, and by whom. */
export type Due = { player: Player; moment: Moment };

/** The next thing that happens to any check, taken from its timeline; null when nothing will happen any more. */
export function takeNext(players: Player[]): Due | null {
  let first: Due | null = null;
  for (const player of players) {
    if (player.next !== null && (first === null || player.next.at < first.moment.at)) {
      first = { player, moment: player.next };
    }
  }
  if (first !== null) first.player.next = first.player.coming.next().value ?? null;
  return first;
}

const ENDING = { success: "", start: "/start", fail: "/fail", log: "/log" };

/** The address of a signal, as the pinging API takes it. */
export function signalPath(checkId: string, { kind, exitStatus, rid }: Moment & { kind: keyof typeof ENDING }): string {
  const ending = exitStatus === undefined ? ENDING[kind] : `/${exitStatus}`;
  return `/ping/${checkId}${ending}${rid === undefined ? "" : `?rid=${rid}`}`;
}
