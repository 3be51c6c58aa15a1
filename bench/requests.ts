import { randomBytes } from "node:crypto";
import { sha256 } from "@/lib/core/ids";
import { type Database, makeProject } from "./databases";
import type { Audited } from "./fleet";
import type { PlannedRequest } from "./load-plan";

/** A project in which an agent asks and one person may approve, so that each request is a mail with two links. */
export type Askers = { database: Database; projectId: string; key: string };

/** Makes the project with an API key that may ask for approvals. */
export async function makeAskers(database: Database): Promise<Askers> {
  const { id } = await makeProject(database);
  const key = `pt_${randomBytes(20).toString("hex")}`;
  await database.pool.query(
    `WITH person AS (INSERT INTO users (email) VALUES ($1) RETURNING id),
          key AS (INSERT INTO api_keys (project_id, name, prefix, hash, scopes) VALUES ($2, 'Agent', $3, $4, '{write}'))
     INSERT INTO memberships (project_id, user_id, role) SELECT $2, id, 'owner' FROM person`,
    [`${id}@example.com`, id, key.slice(0, 8), sha256(key)],
  );
  return { database, projectId: id, key };
}

const ASKED = JSON.stringify({
  context: "Publish blog post: Q4 Earnings Report (1,500 words)",
  timeout_seconds: 3600,
  timeout_action: "deny",
});

/** One request after another. */
export function requestsOf({ key }: Askers): PlannedRequest[][] {
  return [[{ target: `/api/approvals?key=${key}`, method: "POST", body: ASKED }]];
}

/** The approvals that are stored, and those without their alert, their mail or its two links. */
export function auditedRequests({ database, projectId }: Askers): Audited {
  const ask = async (sql: string): Promise<number> => {
    const found = await database.pool.query<{ n: number }>(sql, [projectId]);
    return found.rows[0]?.n ?? Number.NaN;
  };
  return {
    database,
    counted: () => ask("SELECT count(*)::float8 AS n FROM approvals WHERE project_id = $1"),
    broken: () =>
      ask(
        `SELECT count(*)::float8 AS n FROM approvals a
          WHERE project_id = $1
            AND ((SELECT count(*) FROM approval_tokens t WHERE t.project_id = a.project_id AND t.approval_id = a.id) <> 2
                 OR (SELECT count(*) FROM deliveries d WHERE d.project_id = a.project_id AND d.subject_id = a.id) <> 1)`,
      ),
  };
}
