import { isUuid } from "@/lib/core/ids";
import type { ParsedSignal, Target } from "./signal";

const TOKEN = /^[A-Za-z0-9_-]{1,100}$/;
const LARGEST_EXIT = 255;

type TokenPath = Pick<ParsedSignal, "target" | "kind" | "exitStatus">;

/** What an address says of how it went: nothing, `fail`, or an exit code. Null when it says something else. */
function outcomeOf(suffix: string | undefined): Omit<TokenPath, "target"> | null {
  if (suffix === undefined) return { kind: "success", exitStatus: null };
  if (suffix === "fail") return { kind: "fail", exitStatus: null };
  if (!/^\d{1,3}$/.test(suffix) || Number(suffix) > LARGEST_EXIT) return null;
  return { kind: Number(suffix) === 0 ? "success" : "fail", exitStatus: Number(suffix) };
}

/** A check by its heartbeat token or its uuid; null when it can be neither. */
export function targetOf(token: string): Target | null {
  if (!TOKEN.test(token)) return null;
  const uuid = token.toLowerCase();
  return isUuid(uuid) ? { by: "uuid", uuid } : { by: "token", token };
}

/** Reads `<token>[/fail|/<exit>]`, as several services have it; null when it is none. */
export function readTokenPath([token = "", suffix, ...rest]: string[]): TokenPath | null {
  const [target, outcome] = [targetOf(token), outcomeOf(suffix)];
  return target === null || outcome === null || rest.length > 0 ? null : { target, ...outcome };
}
