import type { PoolClient } from "pg";
import { inOneFlight, lastFlight } from "./corked";
import { type Db, pool } from "./pool";

/**
 * Runs `work` in one READ COMMITTED transaction and commits before it resolves. What `work` hands to `atEnd` starts the
 * last statements; the commit travels with them. It does nothing when one of them fails, and is not sent when one could
 * not even be put together.
 */
export async function transaction<T>(
  work: (tx: PoolClient, atEnd: (send: () => unknown) => void) => Promise<T>,
): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    let last = (): unknown => undefined;
    const defer = (send: () => unknown): void => {
      last = send;
    };
    // The connection is a pipeline: BEGIN is not waited for, and the first statements of `work` travel with it.
    const [, result] = await Promise.all(
      inOneFlight(client, () => [client.query("BEGIN"), work(client, defer)] as const),
    );
    await lastFlight(client, last, () => client.query("COMMIT"));
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
