/** Errors that mean the database is away and not that a statement is wrong (PostgreSQL, appendix A; system errors). */
const AWAY = /^(08|57P|53300)|^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOSTUNREACH)/;

/** Errors of a moment: deadlock, serialisation failure, and a row that was deleted while it was being referred to. */
const PASSING = new Set(["40P01", "40001", "23503"]);

/** Whether doing the same again at once may well succeed. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && "code" in error && PASSING.has(String(error.code));
}

/** Whether the failure is the database's absence, so that trying again later may succeed. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return (
    AWAY.test(code) ||
    /connection timeout|Connection terminated|timeout exceeded when trying to connect/i.test(error.message)
  );
}
