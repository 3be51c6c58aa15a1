import { type Caller, requireScope } from "@/lib/auth/caller";
import type { CheckView } from "@/lib/checks/store/view";
import { env } from "@/lib/env";
import { getProject } from "@/lib/projects/queries";
import type { Named } from "./addresses";

/** A check with all that addresses of other services are made of; who has it can send its signals. */
export async function namedElsewhere(caller: Caller, view: CheckView): Promise<Named> {
  requireScope(caller, "write");
  const { BASE_URL: origin, PING_HOST: pingHost } = env();
  const { ping_key: pingKey = "" } = await getProject(caller, view.projectId);
  const { id, heartbeatToken: token, hookId, fields } = view;
  return { origin, pingHost, id, slug: fields.slug, token, hookId, pingKey };
}
