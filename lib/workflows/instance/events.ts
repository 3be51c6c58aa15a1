import type { Caller } from "@/lib/auth/caller";
import type { Outlet } from "@/lib/core/event-stream";
import { getInstanceNow } from "./instance-queries";
import { isOver } from "./schema";
import { theWatch } from "./watch";

type Asked = { id: string; after: number; lastEventId: string | null };

/** The number of the step a listener had when it was cut off; null when it says none. */
const lastStep = (id: string | null): number | null => (id !== null && /^\d{1,9}$/.test(id) ? Number(id) : null);

/**
 * How to follow an instance of the caller's project: steps after number `after`, and each change of its status. Null for a
 * listener that comes back to an instance that has ended, with all of it. Throws `not_found` and `forbidden`.
 */
export async function followInstance(
  caller: Caller,
  { id, after, lastEventId }: Asked,
): Promise<((outlet: Outlet) => () => void) | null> {
  const { status, total_steps } = await getInstanceNow(caller, id);
  const last = lastStep(lastEventId);
  if (last !== null && isOver(status) && last >= total_steps - 1) return null;
  return (outlet) => theWatch().join({ projectId: caller.projectId, id, after: last ?? after }, outlet);
}
