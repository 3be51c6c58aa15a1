import type { z } from "zod";
import { type Caller, requireScope, type Scope } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { encodeRetry, type Outlet } from "@/lib/core/event-stream";
import { authenticate } from "./authenticate";
import { withProject } from "./download";
import { limitKey } from "./key-limit";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

/** Bytes that may wait in this process for a listener to take them. */
const BUFFER_BYTES = 64 * 1024;
const RETRY_MS = 2000;

/** Starts to write, and gives what to call when nobody listens any more. */
type Open = (outlet: Outlet) => () => void;

type Definition<P extends z.ZodType, Q extends z.ZodType> = {
  scope: Scope;
  input: { params: P; query: Q };
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
  scope,
  input,
  handler,
}: Definition<P, Q>): Handler {
  return async (request, args) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    let rate: Record<string, string> = {};
    try {
      const caller = await authenticate(withProject(request), undefined);
      rate = await limitKey(caller);
      requireScope(caller, scope);
      const params = input.params.safeParse(await args.params);
      if (!params.success) throw new AppError("not_found", "There is nothing at this address.");
      const query = input.query.parse(Object.fromEntries(new URL(request.url).searchParams));
      const lastEventId = request.headers.get("last-event-id") || null;
      const open = await handler({ caller, params: params.data, query, lastEventId });
      const headers = { ...HEADERS, "X-Request-Id": requestId, ...rate };
      if (open === null) return new Response(null, { status: 204, headers: { "X-Request-Id": requestId, ...rate } });
      return new Response(request.method === "HEAD" ? null : streamed(open), { headers });
    } catch (error) {
      return problem(error, requestId, rate);
    }
  };
}
