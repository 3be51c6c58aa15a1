import type { PoolClient } from "pg";
import { pool } from "./pool";

/**
 * Runs `work` in one READ COMMITTED transaction and commits before it resolves.
 * `now` is the database's clock in epoch milliseconds, read once: the only clock for state.
 */
export async function transaction<T>(work: (tx: PoolClient, now: number) => Promise<T>): Promise<T> {
  const client = await pool().connect();
  let broken: Error | undefined;
  try {
    // Both leave at once: one round trip instead of two.
    const [, clock] = await Promise.all([client.query("BEGIN"), client.query<{ now: Date }>("SELECT now()")]);
    const result = await work(client, clock.rows[0]?.now.getTime() ?? Number.NaN);
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
