/** What is asked of signals and runs besides the schedule; null asks nothing. */
export type Rules = {
  /** So many expected signals in a row must be missing before it is down. */
  maxMisses: number;
  /** How long a run may take. Without it the grace time bounds a run, and a run that exceeds it takes the check down. */
  maxRunMs: number | null;
  minRunMs: number | null;
  /** A start while another run is open is news. */
  singleRun: boolean;
  /** So many signals in a row with the same progress are news. */
  stuckAfter: number | null;
};

export const DEFAULT_RULES: Rules = {
  maxMisses: 1,
  maxRunMs: null,
  minRunMs: null,
  singleRun: false,
  stuckAfter: null,
};

type Asked = {
  maxMisses: number;
  maxRunSeconds: number | null;
  minRunSeconds: number | null;
  singleRun: boolean;
  stuckAfter: number | null;
};

const toMs = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** The rules that a check's fields describe. */
export function rulesOf(fields: Asked): Rules {
  return {
    maxMisses: fields.maxMisses,
    maxRunMs: toMs(fields.maxRunSeconds),
    minRunMs: toMs(fields.minRunSeconds),
    singleRun: fields.singleRun,
    stuckAfter: fields.stuckAfter,
  };
}
