import type pg from "pg";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";

/**
 * How a statement is run. Reading whole tables is out of favour while it is planned: what is looked for is whether an index
 * can serve, and not what the statistics of a database say that other tests write to meanwhile.
 */
export async function planOf(text: string, values: unknown[] = []): Promise<string> {
  return transaction(async (tx) => {
    await tx.query("SET LOCAL enable_seqscan = off");
    const { rows } = await tx.query<{ "QUERY PLAN": string }>(`EXPLAIN ${text}`, values);
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
}

/** A pool that notes what it is asked, to look at the plans afterwards. */
export function recordingPool(): { db: pg.Pool; plans: () => Promise<string[]> } {
  const asked: { text: string; values: unknown[] }[] = [];
  const query = (statement: string | pg.QueryArrayConfig<unknown[]>, values: unknown[] = []) => {
    const isText = typeof statement === "string";
    asked.push(isText ? { text: statement, values } : { text: statement.text, values: statement.values ?? [] });
    return isText ? pool().query(statement, values) : pool().query(statement);
  };
  return {
    db: { query } as unknown as pg.Pool, // of the overloads of pg, the queries use only these
    plans: () => Promise.all(asked.map(({ text, values }) => planOf(text, values))),
  };
}

/** Stores so many signals of a check at once, a minute apart, the last one now. Every tenth is a failure. */
export async function storeSignals(projectId: string, checkId: string, count: number): Promise<void> {
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent, duration_ms, details)
     SELECT $1, $2, n, CASE WHEN n % 10 = 0 THEN 'fail' ELSE 'success' END::ping_kind, 'healthchecks',
            date_trunc('minute', now()) - ($3 - n) * interval '1 minute', 'http', 'GET', 'curl/8', n % 1000,
            jsonb_build_object('metadata', jsonb_build_object('rows', n))
       FROM generate_series(1, $3::int) AS n`,
    [projectId, checkId, count],
  );
  await pool().query("UPDATE checks SET n_pings = $2 WHERE id = $1", [checkId, count]);
}
