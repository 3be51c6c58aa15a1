import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";
import packageJson from "@/package.json" with { type: "json" };

export type Health = {
  status: "ok" | "error";
  version: string;
  database: "ok" | "error";
  /** `lag_ms`: time since the last sweep began. */
  sweeper: { last_run_at: string | null; lag_ms: number | null };
  outbox: { pending: number | null; oldest_ms: number | null };
};

type Row = { last_sweep_at: Date | null; lag_ms: number | null; pending: number; oldest_ms: number | null };

const QUERY = `
  SELECT last_sweep_at, (extract(epoch FROM clock_timestamp() - last_sweep_at) * 1000)::float8 AS lag_ms,
         (SELECT count(*) FROM deliveries WHERE status = 'pending') AS pending,
         (SELECT (extract(epoch FROM clock_timestamp() - min(created_at)) * 1000)::float8 FROM deliveries WHERE status = 'pending') AS oldest_ms
    FROM system_state WHERE id = 1`;

const rounded = (ms: number | null | undefined): number | null =>
  ms === null || ms === undefined ? null : Math.max(0, Math.round(ms));

/** How the installation fares. Never throws: a database that does not answer is part of the answer. */
export async function health(): Promise<Health> {
  const { version } = packageJson;
  try {
    const { rows } = await pool().query<Row>(QUERY);
    const [row] = rows;
    return {
      status: "ok",
      version,
      database: "ok",
      sweeper: { last_run_at: row?.last_sweep_at?.toISOString() ?? null, lag_ms: rounded(row?.lag_ms) },
      outbox: { pending: row?.pending ?? 0, oldest_ms: rounded(row?.oldest_ms) },
    };
  } catch (error) {
    log.error({ err: error }, "health: the database does not answer");
    const unknown = { sweeper: { last_run_at: null, lag_ms: null }, outbox: { pending: null, oldest_ms: null } };
    return { status: "error", version, database: "error", ...unknown };
  }
}
