import pg from "pg";

// "pulse" in ASCII: any number that nothing else in this database locks.
const LOCK = 0x70_75_6c_73_65;

/**
 * Connects and announces that this process uses the server, for as long as the connection lives.
 * Waits while another process is stopping it. Null when the server does not answer.
 */
export async function attend(url: string): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true });
  client.on("error", () => undefined); // followed by "end", which the caller listens to
  try {
    await client.connect();
    await client.query("SELECT pg_advisory_lock_shared($1)", [LOCK]);
    return client;
  } catch {
    await client.end().catch(() => undefined);
    return null;
  }
}

/**
 * Withdraws the announcement. True when nobody else is left; then newcomers wait until this connection ends, so the
 * server can be stopped under nobody's feet.
 */
export async function leave(client: pg.Client): Promise<boolean> {
  await client.query("SELECT pg_advisory_unlock_shared($1)", [LOCK]);
  const locked = await client.query<{ alone: boolean }>("SELECT pg_try_advisory_lock($1) AS alone", [LOCK]);
  return locked.rows[0]?.alone === true;
}
