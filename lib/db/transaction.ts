import type { PoolClient } from "pg";
import { type Db, pool } from "./pool";

/** Runs `work` in one READ COMMITTED transaction and commits before it resolves. */
export async function transaction<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    // Not waited for: the connection is a pipeline, so the first statement of `work` travels right behind it.
    const begun = client.query("BEGIN");
    const [, result] = await Promise.all([begun, work(client)]);
    await client.query("COMMIT");
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
