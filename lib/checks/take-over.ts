import { z } from "zod";
import { audit } from "@/lib/auth/audit";
import { type Caller, requireScope } from "@/lib/auth/caller";
import { AppError, invalid } from "@/lib/core/errors";
import type { Db } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { type Identity, type OldUrl, parseOldUrl } from "./old-url";
import { DEFAULT_CHECK } from "./store/fields";
import { assignAllChannels, insertCheck } from "./store/insert";

/** `url` is the address a job calls now, or the whole line it stands in; `name` is what the check is to be called. */
export const TakeOver = z.object({
  url: z.string("must be a string").max(4000, "is too long"),
  name: z
    .string()
    .trim()
    .max(100, "is too long")
    // PostgreSQL cannot store NUL.
    .refine((name) => !name.includes("\0"), "does not match pattern")
    .default(""),
});
export type TakeOver = z.infer<typeof TakeOver>;

/** The new check, and the address to call instead: `same_path` when only the host changes. */
export type TakenOver = { id: string; service: string; path: string; same_path: boolean };

const COLUMNS = { uuid: "id", token: "heartbeat_token", hook: "process_hook_id" } as const;
const UNIQUE_VIOLATION = "23505";

const textOf = (identity: Identity): string => {
  switch (identity.by) {
    case "uuid":
      return identity.uuid;
    case "token":
      return identity.token;
    case "hook":
      return identity.hook;
    case "slug":
      return identity.slug;
  }
};

/**
 * Makes a check that is known by what another service knew it by, so that its jobs change the host and, where the address
 * has a key, the key. Throws `invalid_input` for what is no such address and `conflict` when a check has it already.
 */
export async function takeOver(caller: Caller, { url, name }: TakeOver): Promise<TakenOver> {
  requireScope(caller, "write");
  const old = parseOldUrl(url);
  if (old === null) throw invalid("url", "is no address of a service that we know");
  const id = await transaction((tx) => insert(tx, caller, { old, name })).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION) throw taken();
    throw error;
  });
  return { id, service: old.service, path: old.path, same_path: old.isSamePath };
}

const taken = () => new AppError("conflict", "There is a check with this address already.");

async function insert(tx: Db, caller: Caller, { old, name }: { old: OldUrl; name: string }): Promise<string> {
  const { identity, service } = old;
  const slug = identity.by === "slug" ? identity.slug : "";
  if (identity.by === "slug" || identity.by === "hook") await requireFree(tx, caller, textOf(identity));
  const fields = { ...DEFAULT_CHECK, name: name || slug || `From ${service}`, slug };
  const made = await insertCheck(tx, caller.projectId, fields);
  const id = identity.by === "uuid" ? identity.uuid : made;
  if (identity.by !== "slug") {
    await tx.query(`UPDATE checks SET ${COLUMNS[identity.by]} = $2 WHERE id = $1`, [made, textOf(identity)]);
  }
  await assignAllChannels(tx, caller.projectId, id);
  await audit(tx, caller, { action: "check.create", subjectId: id });
  return id;
}

/** Slugs are not unique, but two checks of one slug can be reached by neither, and a process hook hides a slug of its name. */
async function requireFree(tx: Db, { projectId }: Caller, name: string): Promise<void> {
  await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`${projectId}/${name}`]);
  const found = await tx.query(
    "SELECT FROM checks WHERE project_id = $1 AND (slug = $2 OR process_hook_id = $2) LIMIT 1",
    [projectId, name],
  );
  if (found.rows.length > 0) throw taken();
}
