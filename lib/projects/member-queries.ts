import { type Caller, requireScope } from "@/lib/auth/caller";
import { decodeCursor, type Page, toPage } from "@/lib/core/cursor";
import { invalid } from "@/lib/core/errors";
import { type Db, pool } from "@/lib/db/pool";
import { getProject, position } from "./queries";
import { MEMBER_SELECT, type MemberRow, memberObject } from "./rows";
import type { AuditEntry, MemberObject, PageQuery } from "./schema";

type Asked = { projectId: string } & PageQuery;

/** The people of a project, in the order they joined. */
export async function listMembers(caller: Caller, asked: Asked, db: Db = pool()): Promise<Page<MemberObject>> {
  await getProject(caller, asked.projectId, db);
  const found = await db.query<MemberRow>(
    `${MEMBER_SELECT}
      WHERE project_id = $1 AND ($2::uuid IS NULL OR (m.created_at, user_id) >
            (SELECT created_at, user_id FROM memberships WHERE project_id = $1 AND user_id = $2))
      ORDER BY m.created_at, user_id LIMIT $3`,
    [asked.projectId, position(asked.cursor), asked.limit + 1],
  );
  return toPage(found.rows.map(memberObject), asked.limit, (member) => [member.user_id]);
}

type EntryRow = {
  id: number;
  actor: string;
  action: string;
  subject_id: string;
  created_at: Date;
  actor_name: string | null;
  subject_name: string | null;
};

// Ids are kept as text, because an alert's is a number. CASE keeps what is no uuid away from the cast.
const AS_UUID = (text: string, when: string): string => `CASE WHEN ${when} THEN ${text}::uuid END`;
const UUID_SUBJECT = "e.subject_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'";
const about = (kind: string): string => AS_UUID("e.subject_id", `e.action LIKE '${kind}.%' AND ${UUID_SUBJECT}`);

const ENTRIES = `
  SELECT e.id::float8 AS id, e.actor, e.action, e.subject_id, e.created_at,
         coalesce(nullif(person.name, ''), person.email, actor_key.name) AS actor_name,
         coalesce(checks.name, channels.name, keys.name, member.email, invitations.email) AS subject_name
    FROM (SELECT * FROM audit_entries WHERE project_id = $1 AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3) AS e
    LEFT JOIN users AS person ON person.id = ${AS_UUID("substr(e.actor, 6)", "e.actor LIKE 'user:%'")}
    LEFT JOIN api_keys AS actor_key ON actor_key.id = ${AS_UUID("substr(e.actor, 5)", "e.actor LIKE 'key:%'")}
    LEFT JOIN checks ON checks.id = ${about("check")}
    LEFT JOIN channels ON channels.id = ${about("channel")}
    LEFT JOIN api_keys AS keys ON keys.id = ${about("key")}
    LEFT JOIN users AS member ON member.id = ${about("member")}
    LEFT JOIN invitations ON invitations.id = ${about("invitation")}
   ORDER BY e.id DESC`;

const KINDS = { user: "person", key: "key" } as const;

function entryObject(row: EntryRow): AuditEntry {
  const [prefix = ""] = row.actor.split(":");
  const kind = prefix === "user" || prefix === "key" ? KINDS[prefix] : "system";
  const gone = { person: "Somebody who has left", key: "A deleted key", system: "Pulsetrail" };
  return {
    id: row.id,
    action: row.action,
    created_at: row.created_at.toISOString(),
    actor: { kind, name: row.actor === "ping-key" ? "A signal with the ping key" : (row.actor_name ?? gone[kind]) },
    subject: { id: row.subject_id, name: row.subject_name },
  };
}

function before(cursor: string | undefined): number | null {
  const [id = null] = decodeCursor(cursor, 1) ?? [];
  if (id === null || (typeof id === "number" && Number.isSafeInteger(id))) return id;
  throw invalid("cursor", "is not a cursor of this list");
}

/** Who changed what in a project, newest first. */
export async function listAudit(caller: Caller, asked: Asked, db: Db = pool()): Promise<Page<AuditEntry>> {
  requireScope(caller, "admin");
  await getProject(caller, asked.projectId, db);
  const found = await db.query<EntryRow>(ENTRIES, [asked.projectId, before(asked.cursor), asked.limit + 1]);
  return toPage(found.rows.map(entryObject), asked.limit, (entry) => [entry.id]);
}
