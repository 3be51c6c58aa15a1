import { randomUUID } from "node:crypto";
import { type Caller, impliedScopes, type Scope } from "@/lib/auth/caller";
import { randomToken, sha256, webhookSecret } from "@/lib/core/ids";
import { prisma } from "@/lib/db/client";

export type TestProject = {
  id: string;
  pingKey: string;
  webhookSecret: string;
  /** Makes a key with these scopes and gives its text. */
  key: (scopes: Scope[], expiresAt?: Date) => Promise<string>;
  /** A caller with every scope of this project. */
  caller: Caller;
};

const ALL: Scope[] = ["ping", "read", "write", "approve", "admin"];

export async function makeProject(): Promise<TestProject> {
  const pingKey = randomToken(22);
  const secret = webhookSecret();
  const project = await prisma().project.create({ data: { name: "Test", pingKey, webhookSecret: secret } });
  return {
    id: project.id,
    pingKey,
    webhookSecret: secret,
    key: (scopes, expiresAt) => makeKey(project.id, scopes, expiresAt),
    caller: { kind: "key", projectId: project.id, actor: `key:${randomUUID()}`, scopes: impliedScopes(ALL) },
  };
}

async function makeKey(projectId: string, scopes: Scope[], expiresAt?: Date): Promise<string> {
  const key = `pt_${randomToken(40)}`;
  await prisma().apiKey.create({
    data: {
      projectId,
      name: "test",
      prefix: key.slice(0, 8),
      hash: new Uint8Array(sha256(key)),
      scopes,
      expiresAt: expiresAt ?? null,
    },
  });
  return key;
}

export type World = {
  /** Alice owns it, Bob is a member. */
  project: TestProject;
  /** Charlie's: must see and touch nothing of `project`. */
  foreign: TestProject;
  /** A key of `project` with every scope. */
  key: string;
  /** A key of `foreign` with every scope. */
  foreignKey: string;
};

/** The same small world for every test, made afresh, so that tests never meet. */
export async function makeWorld(): Promise<World> {
  const [project, foreign] = await Promise.all([makeProject(), makeProject()]);
  const [key, foreignKey] = await Promise.all([project.key(ALL), foreign.key(ALL)]);
  return { project, foreign, key, foreignKey };
}
