import type { Caller } from "@/lib/auth/caller";
import { env } from "@/lib/env";
import { getProject } from "@/lib/projects/queries";

/**
 * Where dynamic workflows of the caller's project are reported, without their id. The key only for who may write, and only
 * while it is needed: a page that does not show it does not hold it.
 */
export async function getFirstSignal(
  caller: Caller,
  isWaiting: boolean,
): Promise<{ url: string; pingKey: string | null }> {
  const maySee = isWaiting && caller.scopes.has("write");
  const { ping_key: pingKey = null } = maySee ? await getProject(caller, caller.projectId) : {};
  return { url: `${env().BASE_URL}/dhk`, pingKey };
}
