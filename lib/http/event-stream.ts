import type { z } from "zod";
import type { Caller } from "@/lib/auth/caller";
import { encodeRetry, type Outlet } from "@/lib/core/event-stream";
import { type Asked, readRoute } from "./read-route";
import type { Handler } from "./route";

/** Bytes that may wait in this process for a listener to take them. */
const BUFFER_BYTES = 64 * 1024;
const RETRY_MS = 2000;

/** Starts to write, and gives what to call when nobody listens any more. */
type Open = (outlet: Outlet) => () => void;

type Definition<P extends z.ZodType, Q extends z.ZodType> = Asked<P, Q> & {
  /** Null when there is nothing more to come for who was here before: 204 tells them to stay away. */
  handler: (input: {
    caller: Caller;
    params: z.output<P>;
    query: z.output<Q>;
    /** The id of the last event that came through before a listener was cut off. */
    lastEventId: string | null;
  }) => Promise<Open | null>;
};

function streamed(open: Open): ReadableStream<Uint8Array> {
  let leave = (): void => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encodeRetry(RETRY_MS));
        leave = open({
          hasRoom: () => (controller.desiredSize ?? 0) > 0,
          write: (chunk) => controller.enqueue(chunk),
          end: () => controller.close(),
          drop: () => controller.error(new Error("The listener takes nothing.")),
        });
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
  );
}

/** No proxy may hold events back to gather or compress them. */
const HEADERS = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
  "X-Content-Type-Options": "nosniff",
};

/** An endpoint of server-sent events (HTML standard §9.2); what is refused becomes problem+json. */
export function eventStream<P extends z.ZodType, Q extends z.ZodType>({
  handler,
  ...asked
}: Definition<P, Q>): Handler {
  return readRoute(asked, async ({ caller, params, query, request, headers }) => {
    const lastEventId = request.headers.get("last-event-id") || null;
    const open = await handler({ caller, params, query, lastEventId });
    if (open === null) return new Response(null, { status: 204, headers });
    return new Response(request.method === "HEAD" ? null : streamed(open), { headers: { ...HEADERS, ...headers } });
  });
}
