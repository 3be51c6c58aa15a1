import { randomUUID } from "node:crypto";
import { encode } from "next-auth/jwt";
import { appSecret } from "@/lib/auth/app-secret";
import type { Caller, Role } from "@/lib/auth/caller";
import { hashPassword } from "@/lib/auth/password";
import { callerInProject } from "@/lib/auth/session-caller";
import { sessionCookie } from "@/lib/auth/session-token";
import { openSession } from "@/lib/auth/sessions";
import { prisma } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";

export type TestPerson = {
  id: string;
  email: string;
  sessionId: string;
  /** What a browser of theirs sends from one of our pages. */
  headers: (projectId?: string) => Record<string, string>;
  /** The person as the caller in a project of theirs. */
  caller: (projectId: string) => Promise<Caller>;
};

type Wanted = { memberships?: Record<string, Role>; password?: string };

/** A person who is signed in, with roles in projects. */
export async function makePerson({ memberships = {}, password }: Wanted = {}): Promise<TestPerson> {
  const email = `${randomUUID()}@example.com`;
  const passwordHash = password === undefined ? null : await hashPassword(password);
  const roles = Object.entries(memberships).map(([projectId, role]) => ({ projectId, role }));
  const user = await prisma().user.create({ data: { email, passwordHash, memberships: { create: roles } } });
  const sessionId = await openSession(pool(), user.id, "test browser");
  const cookie = `${sessionCookie()}=${await encode({ token: { sid: sessionId }, secret: appSecret() })}`;
  return {
    id: user.id,
    email,
    sessionId,
    headers: (projectId) => ({
      Cookie: cookie,
      Origin: "http://pulsetrail.test",
      ...(projectId !== undefined && { "X-Project-Id": projectId }),
    }),
    caller: (projectId) => callerInProject({ user: { id: user.id, email, name: "" }, sessionId }, projectId),
  };
}
