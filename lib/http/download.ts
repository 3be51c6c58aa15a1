import type { z } from "zod";
import type { Caller } from "@/lib/auth/caller";
import { log } from "@/lib/log";
import { type Asked, readRoute } from "./read-route";
import type { Handler } from "./route";

type File = { type: string; name: string; pieces: AsyncGenerator<string> };

type Definition<P extends z.ZodType, Q extends z.ZodType> = Asked<P, Q> & {
  handler: (input: { caller: Caller; params: z.output<P>; query: z.output<Q> }) => Promise<File>;
};

/** The pieces as a body that reads the next one only when the last one is gone, and no more once nobody listens. */
function streamed(first: IteratorResult<string>, pieces: AsyncGenerator<string>, requestId: string) {
  const encoder = new TextEncoder();
  let next: Promise<IteratorResult<string>> | null = Promise.resolve(first);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await (next ?? pieces.next());
          next = null;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          // It is too late for an answer: the body breaks off, which clients notice.
          log.error({ err: error, requestId }, "download failed");
          controller.error(error);
        }
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** An endpoint that gives a file of any length; a failure before its first byte becomes problem+json. */
export function download<P extends z.ZodType, Q extends z.ZodType>({ handler, ...asked }: Definition<P, Q>): Handler {
  return readRoute(asked, async ({ caller, params, query, request, requestId, headers }) => {
    const { type, name, pieces } = await handler({ caller, params, query });
    const own = {
      "Content-Type": type,
      "Content-Disposition": `attachment; filename="${name}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
      ...headers,
    };
    if (request.method === "HEAD") return new Response(null, { headers: own });
    return new Response(streamed(await pieces.next(), pieces, requestId), { headers: own });
  });
}
