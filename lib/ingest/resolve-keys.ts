import { isUuid, sha256 } from "@/lib/core/ids";
import type { Db } from "@/lib/db/pool";
import type { Resolved } from "./resolved";
import type { Signal, Target } from "./signal";

type TokenTarget = Extract<Target, { by: "token" }>;
type KeyTarget = Extract<Target, { by: "key" }>;

/** What keys and tokens lead to, by the position of their signals. */
export type Keyed = {
  /** What is settled already. */
  found: Map<number, Resolved>;
  /** The project whose check is meant by a slug, which is still to be found. */
  projects: Map<number, string>;
};

const isToken = (target: Target): target is TokenTarget => target.by === "token";
const isKey = (target: Target): target is KeyTarget => target.by === "key";

type Holder = { projectId: string; mayPing: boolean };
type Check = { id: string; projectId: string };

/** Finds the checks behind heartbeat tokens, and the projects behind keys with the checks that are named in them. */
export async function resolveKeys(tx: Db, signals: Signal[]): Promise<Keyed> {
  const targets = signals.map(({ target }) => target);
  const tokens = await checksOfTokens(tx, targets.filter(isToken));
  const keys = await projectsOfKeys(tx, targets.filter(isKey));
  const named = await checksOfNames(tx, targets.filter(isKey));
  const found = new Map<number, Resolved>();
  const projects = new Map<number, string>();
  for (const [index, target] of targets.entries()) {
    if (target.by === "token") found.set(index, checkOr(tokens.get(target.token)));
    if (target.by !== "key") continue;
    const holder = keys.get(target.key);
    const settled = settle(holder, named.get(target.name));
    if (settled !== null) found.set(index, settled);
    else if (holder !== undefined) projects.set(index, holder.projectId);
  }
  return { found, projects };
}

/** Null when the key is good and the name can only be a slug. */
function settle(holder: Holder | undefined, check: Check | undefined): Resolved | null {
  if (holder === undefined) return { is: "unauthenticated" };
  if (!holder.mayPing) return { is: "forbidden" };
  if (check === undefined) return null;
  return check.projectId === holder.projectId ? checkOr(check.id) : { is: "forbidden" };
}

function checkOr(checkId: string | undefined): Resolved {
  return checkId === undefined ? { is: "not_found" } : { checkId, created: false };
}

async function checksOfTokens(tx: Db, targets: TokenTarget[]): Promise<Map<string, string>> {
  if (targets.length === 0) return new Map();
  const found = await tx.query<{ heartbeat_token: string; id: string }>({
    name: "resolve-tokens",
    text: "SELECT heartbeat_token, id FROM checks WHERE heartbeat_token = ANY ($1::text[])",
    values: [targets.map(({ token }) => token)],
  });
  return new Map(found.rows.map((row) => [row.heartbeat_token, row.id]));
}

/** A project's ping key may send signals; an API key may when it has the scope, which `write` implies. */
async function projectsOfKeys(tx: Db, targets: KeyTarget[]): Promise<Map<string, Holder>> {
  const keys = [...new Set(targets.map(({ key }) => key))];
  if (keys.length === 0) return new Map();
  const found = await tx.query<{ key: string; project_id: string; may_ping: boolean }>({
    name: "resolve-keys",
    text: `SELECT k.key, projects.id AS project_id, true AS may_ping
             FROM unnest($1::text[]) AS k (key) JOIN projects ON projects.ping_key = k.key
            UNION ALL
           SELECT k.key, api_keys.project_id, api_keys.scopes && '{ping,write}'::scope[] AS may_ping
             FROM unnest($1::text[], $2::bytea[]) AS k (key, hash) JOIN api_keys ON api_keys.hash = k.hash
            WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())`,
    values: [keys, keys.map((key) => sha256(key))],
  });
  return new Map(found.rows.map((row) => [row.key, { projectId: row.project_id, mayPing: row.may_ping }]));
}

/** The checks that are named by their uuid or their process hook id. */
async function checksOfNames(tx: Db, targets: KeyTarget[]): Promise<Map<string, Check>> {
  const names = [...new Set(targets.map(({ name }) => name))];
  if (names.length === 0) return new Map();
  const found = await tx.query<{ id: string; hook: string; project_id: string }>({
    name: "resolve-names",
    text: `SELECT id, process_hook_id AS hook, project_id FROM checks
            WHERE process_hook_id = ANY ($1::text[]) OR id = ANY ($2::uuid[])`,
    values: [names, names.filter(isUuid)],
  });
  return new Map(
    found.rows.flatMap(({ id, hook, project_id: projectId }) => [
      [id, { id, projectId }],
      [hook, { id, projectId }],
    ]),
  );
}
