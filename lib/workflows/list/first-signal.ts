import type { Caller } from "@/lib/auth/caller";
import { env } from "@/lib/env";
import { getProject } from "@/lib/projects/queries";

/** Where dynamic workflows of the caller's project are reported, without their id; the key only for who may write. */
export async function getFirstSignal(caller: Caller): Promise<{ url: string; pingKey: string | null }> {
  const { ping_key: pingKey = null } = caller.scopes.has("write") ? await getProject(caller, caller.projectId) : {};
  return { url: `${env().BASE_URL}/dhk`, pingKey };
}
