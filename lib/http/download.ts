import type { z } from "zod";
import { type Caller, requireScope, type Scope } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/log";
import { authenticate } from "./authenticate";
import { limitKey } from "./key-limit";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

type File = { type: string; name: string; pieces: AsyncGenerator<string> };

type Definition<P extends z.ZodType, Q extends z.ZodType> = {
  scope: Scope;
  input: { params: P; query: Q };
  handler: (input: { caller: Caller; params: z.output<P>; query: z.output<Q> }) => Promise<File>;
};

/** A plain link cannot send `X-Project-Id`, so that `?project=` says the same. */
export function withProject(request: Request): Request {
  const project = new URL(request.url).searchParams.get("project");
  if (project === null || request.headers.has("x-project-id")) return request;
  const headers = new Headers(request.headers);
  headers.set("X-Project-Id", encodeURIComponent(project));
  return new Request(request.url, { method: request.method, headers });
}

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
export function download<P extends z.ZodType, Q extends z.ZodType>({
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
      const { type, name, pieces } = await handler({ caller, params: params.data, query });
      const headers = {
        "Content-Type": type,
        "Content-Disposition": `attachment; filename="${name}"`,
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": requestId,
        ...rate,
      };
      if (request.method === "HEAD") return new Response(null, { headers });
      return new Response(streamed(await pieces.next(), pieces, requestId), { headers });
    } catch (error) {
      return problem(error, requestId, rate);
    }
  };
}
