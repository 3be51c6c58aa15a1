import { AppError, notFound } from "@/lib/core/errors";

export const SCOPES = ["ping", "read", "write", "approve", "admin"] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ["owner", "admin", "member", "viewer"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks, for which project, and what they may do. The first argument of every query and command. */
export type Caller = {
  kind: "key" | "session";
  projectId: string;
  /** For the audit log, e.g. `key:3f2a…`. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  /** What a key is called by those who made it. */
  keyName?: string;
  /** The same for a key and for what it is rotated into. */
  lineage?: string;
  /** Who is signed in, with their role in the project; null where they have none. Absent for keys. */
  person?: { id: string; email: string; name: string; sessionId: string; role: Role | null };
};

/** The scopes a grant of `scopes` gives: `write` implies `read` and `ping`; nothing else is implied. */
export function impliedScopes(scopes: readonly Scope[]): ReadonlySet<Scope> {
  return new Set(scopes.includes("write") ? [...scopes, "read", "ping"] : scopes);
}

/** Throws `forbidden` unless the caller has the scope. */
export function requireScope(caller: Caller, scope: Scope): void {
  if (caller.scopes.has(scope)) return;
  const lack =
    caller.kind === "key"
      ? `This needs a key with the scope ${scope}.`
      : "Your role in this project does not allow this.";
  throw new AppError("forbidden", lack);
}

/**
 * Throws unless an object of `projectId` belongs to the caller's project; undefined stands for an object that does not
 * exist. The dashboard cannot tell foreign from missing; keys get the 403 the public contract promises.
 */
export function requireOwn(caller: Caller, projectId: string | undefined, what: string): void {
  if (projectId === caller.projectId) return;
  if (projectId === undefined || caller.kind === "session") throw notFound(what);
  throw new AppError("forbidden", `This ${what} belongs to another project.`);
}

/** What people are told of who did something: the address of a person, `key:` and the name of an API key. */
export function callerName({ person, keyName }: Caller): string {
  return person?.email ?? `key:${keyName ?? "unnamed"}`;
}

/** Who acts, for what may be done once or never by the same one: a rotated key is who it was before. */
export function holderOf({ actor, lineage }: Caller): string {
  return lineage ?? actor;
}
