import type { Caller } from "@/lib/auth/caller";
import { seal, unseal } from "@/lib/auth/sealed";
import { AppError, invalid } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { pool } from "@/lib/db/pool";

type First = { request_hash: Buffer; status: number | null; response: Buffer | null };
export type Answer = { status: number; body: unknown };
export type Keyed = { caller: Caller; route: string; key: string; body: unknown };

/** Where the sealed answers live, so that they open nowhere else. */
const PLACE = "idempotency_keys.response";

/**
 * Gives the first answer of this `Idempotency-Key` again, or runs `work` and keeps its answer for 24 hours. The caller
 * must have been authorised before, because an answer may hold what only its first caller may see; another key of the
 * project is another caller. A request that was cut off by a crash is never run again: nobody knows whether it took
 * effect. Throws `idempotency_conflict` then, when the first request is under way, and when the body is another.
 */
export async function once(keyed: Keyed, work: () => Promise<Answer>): Promise<Answer> {
  if (keyed.key.length === 0 || keyed.key.length > 255)
    throw invalid("Idempotency-Key", "must have 1 to 255 characters");
  const hash = sha256(JSON.stringify(keyed.body) ?? "");
  const id = [keyed.caller.projectId, `${keyed.caller.actor} ${keyed.route}`, keyed.key];
  if (!(await claim(id, hash))) return firstAnswer(id, hash);
  const answer = await work().catch(async (error: unknown) => {
    // Nothing was created, so the same key may try again.
    await pool().query("DELETE FROM idempotency_keys WHERE project_id = $1 AND route = $2 AND key = $3", id);
    throw error;
  });
  await pool().query(
    "UPDATE idempotency_keys SET status = $4, response = $5 WHERE project_id = $1 AND route = $2 AND key = $3",
    // Sealed, because the answer to making a key is the key.
    [...id, answer.status, Buffer.from(seal(answer.body, PLACE))],
  );
  return answer;
}

async function claim(id: string[], hash: Buffer): Promise<boolean> {
  const claimed = await pool().query(
    `INSERT INTO idempotency_keys AS k (project_id, route, key, request_hash) VALUES ($1, $2, $3, $4)
     ON CONFLICT (project_id, route, key) DO UPDATE SET request_hash = $4, created_at = now(), status = NULL, response = NULL
       WHERE k.created_at < now() - interval '24 hours'`,
    [...id, hash],
  );
  return claimed.rowCount === 1;
}

async function firstAnswer(id: string[], hash: Buffer): Promise<Answer> {
  const found = await pool().query<First>(
    "SELECT request_hash, status, response FROM idempotency_keys WHERE project_id = $1 AND route = $2 AND key = $3",
    id,
  );
  const first = found.rows[0];
  if (first !== undefined && !first.request_hash.equals(hash)) {
    throw new AppError("idempotency_conflict", "This Idempotency-Key was used with another body.");
  }
  if (first === undefined || first.status === null || first.response === null) {
    throw new AppError(
      "idempotency_conflict",
      "The first request with this Idempotency-Key has not ended; if it never does, look whether it took effect.",
      {
        headers: { "Retry-After": "1" },
      },
    );
  }
  return { status: first.status, body: unseal(first.response, PLACE) };
}
