import { type CheckFields, DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { insertCheck } from "@/lib/checks/store/insert";
import { pool } from "@/lib/db/pool";
import type { Signal } from "@/lib/ingest/signal";

/** Adds a check and returns its id. */
export function makeCheck(projectId: string, fields: Partial<CheckFields> = {}): Promise<string> {
  return insertCheck(pool(), projectId, { ...DEFAULT_CHECK, ...fields });
}

type Stored = {
  status: string;
  n_pings: number;
  last_ping_at: Date | null;
  due_at: Date | null;
  last_duration_ms: number | null;
};

/** A check as it is stored. */
export async function storedCheck(id: string): Promise<Stored> {
  const found = await pool().query<Stored>(
    "SELECT status, n_pings, last_ping_at, due_at, last_duration_ms FROM checks WHERE id = $1",
    [id],
  );
  const [row] = found.rows;
  if (row === undefined) throw new Error(`no check ${id}`);
  return row;
}

export type StoredPing = {
  n: number;
  kind: string;
  method: string;
  user_agent: string;
  remote_addr: string | null;
  scheme: string;
  rid: string | null;
  exit_status: number | null;
  duration_ms: number | null;
  details: Record<string, unknown> | null;
  body: Buffer | null;
};

/** The pings of a check, oldest first. */
export async function storedPings(checkId: string): Promise<StoredPing[]> {
  const found = await pool().query<StoredPing>("SELECT * FROM pings WHERE check_id = $1 ORDER BY n", [checkId]);
  return found.rows;
}

/** A signal for a check, as a door would hand it on. */
export function arrived(uuid: string, fields: Partial<Signal> = {}): Signal {
  return {
    source: "healthchecks",
    target: { by: "uuid", uuid },
    kind: "success",
    exitStatus: null,
    rid: null,
    run: "named",
    details: null,
    refusal: null,
    method: "GET",
    scheme: "http",
    remoteAddr: null,
    userAgent: "",
    body: null,
    thinned: false,
    progress: null,
    isPrefetch: false,
    ...fields,
  };
}
