import type { PoolClient } from "pg";
import { type Db, pool } from "./pool";

/**
 * Runs `work` in one READ COMMITTED transaction and commits before it resolves. Statements that `work` hands to `last`
 * must all have been sent; the commit travels right behind them, and when one of them fails it does nothing.
 */
export async function transaction<T>(
  work: (tx: PoolClient, last: (statements: Promise<unknown>) => void) => Promise<T>,
): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    // Not waited for: the connection is a pipeline, so the first statement of `work` travels right behind it.
    const begun = client.query("BEGIN");
    let sent: Promise<unknown> = begun;
    const [, result] = await Promise.all([
      begun,
      work(client, (statements) => {
        sent = statements;
      }),
    ]);
    await Promise.all([sent, client.query("COMMIT")]);
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}

/** The database's clock at the start of the transaction, in epoch milliseconds: the only clock for state. */
export async function transactionTime(tx: Db): Promise<number> {
  const clock = await tx.query<{ now: Date }>("SELECT now()");
  return clock.rows[0]?.now.getTime() ?? Number.NaN;
}
