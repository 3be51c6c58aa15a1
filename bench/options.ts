import { parseArgs } from "node:util";

/** How thoroughly to measure, and what. */
export type Options = {
  /** Rounds of every workload; they are interleaved, so that a busy moment of the machine hurts all alike. */
  rounds: number;
  secondsPerRound: number;
  warmUpMs: number;
  /** Pings in the filled database. */
  storedPings: number;
  /** Seconds after a start before memory at rest is read. */
  restSeconds: number;
  /** The one scenario to run, with what it is compared with; null for all. */
  only: string | null;
};

const FULL = { rounds: 6, secondsPerRound: 2.5, warmUpMs: 500, storedPings: 10_000_000, restSeconds: 10 };
const QUICK = { rounds: 2, secondsPerRound: 1, warmUpMs: 250, storedPings: 200_000, restSeconds: 2 };

/** Reads `--quick` and `--only <scenario>`. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({ args, options: { quick: { type: "boolean" }, only: { type: "string" } } });
  return { ...(values.quick === true ? QUICK : FULL), only: values.only ?? null };
}
