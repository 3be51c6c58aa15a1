import type { Definition } from "@/lib/workflows/definition";
import { type StageMoment, stageRequest } from "./stage-moment";
import type { Moment } from "./timeline";

/** A signal that is to be sent. `at` is epoch milliseconds; `told` says in words what it is. */
export type Sending = { at: number; told: string; path: string; body?: string };

/** A check or a workflow as it was filled, and what is still to be sent of it. */
export type Player = Actor & { coming: Iterator<Sending>; next: Sending | null };
type Actor = { is: "check" | "workflow"; id: string; name: string };

/** What is sent next, and by whom. */
export type Due = { player: Player; sending: Sending };

/** Someone with all that is still to be sent, in order. */
export function playerOf(actor: Actor, sendings: Iterable<Sending>): Player {
  const coming = sendings[Symbol.iterator]();
  return { ...actor, coming, next: coming.next().value ?? null };
}

/** The next thing that happens to any of them, taken from its timeline; null when nothing will happen any more. */
export function takeNext(players: Player[]): Due | null {
  let first: Due | null = null;
  for (const player of players) {
    if (player.next !== null && (first === null || player.next.at < first.sending.at)) {
      first = { player, sending: player.next };
    }
  }
  if (first !== null) first.player.next = first.player.coming.next().value ?? null;
  return first;
}

const ENDING = { success: "", start: "/start", fail: "/fail", log: "/log" };

type Signal = Moment & { kind: keyof typeof ENDING };

/** The address of a signal, as the pinging API takes it. */
export function signalPath(checkId: string, { kind, exitStatus, rid }: Signal): string {
  const ending = exitStatus === undefined ? ENDING[kind] : `/${exitStatus}`;
  return `/ping/${checkId}${ending}${rid === undefined ? "" : `?rid=${rid}`}`;
}

/** What is sent of a check. What people do with it is not. */
export function* signalsOf(checkId: string, moments: Iterable<Moment>): Iterable<Sending> {
  for (const { kind, ...moment } of moments) {
    if (kind === "pause") continue;
    const path = signalPath(checkId, { kind, ...moment });
    yield { at: moment.at, told: kind, path, ...(moment.body !== undefined && { body: moment.body }) };
  }
}

/** What is sent of a workflow. */
export function* stagesOf(
  workflow: { id: string; kind: Definition["kind"] },
  moments: Iterable<StageMoment>,
): Iterable<Sending> {
  for (const moment of moments) {
    const { stagename, agent } = moment.says;
    const told = `stage ${moment.stage}${stagename === undefined ? "" : ` (${stagename})`} by ${agent}`;
    yield { at: moment.at, told, ...stageRequest(workflow, moment) };
  }
}
