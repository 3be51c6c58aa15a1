import { cookies, headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { AppError } from "@/lib/core/errors";
import type { Caller } from "./caller";
import { callerInProject } from "./session-caller";
import { sessionCookie, sessionIdOf } from "./session-token";
import { findSignedIn, type SignedIn } from "./sessions";

/** Who looks at this page; null when nobody is signed in. Asked once for each request. */
export const findViewer = cache(async (): Promise<SignedIn | null> => {
  const cookie = (await cookies()).get(sessionCookie())?.value;
  const sessionId = cookie === undefined ? null : await sessionIdOf(cookie);
  return sessionId === null ? null : findSignedIn(sessionId);
});

/** Who looks at this page; sends others to sign in, and from there back to it. */
export async function requireViewer(): Promise<SignedIn> {
  const viewer = await findViewer();
  if (viewer !== null) return viewer;
  // Written by our proxy, encoded as it has to be in an address.
  const place = (await headers()).get("x-place");
  redirect(place === null ? "/sign-in" : `/sign-in?next=${place}`);
}

/** The viewer as the caller in this project; a foreign project is the same 404 page as a missing one. */
export const requireMember = cache(async (projectId: string): Promise<Caller> => {
  const viewer = await requireViewer();
  return callerInProject(viewer, projectId).catch(asPage);
});

/** Turns a missing or foreign object into the 404 page. */
export function asPage(error: unknown): never {
  if (error instanceof AppError && error.code === "not_found") notFound();
  throw error;
}
