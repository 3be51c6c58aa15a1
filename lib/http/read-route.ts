import type { z } from "zod";
import { type Caller, requireScope, type Scope } from "@/lib/auth/caller";
import { AppError } from "@/lib/core/errors";
import { authenticate } from "./authenticate";
import { limitKey } from "./key-limit";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

/** What an endpoint that is only read asks of its caller, and of the parts of its address. */
export type Asked<P extends z.ZodType, Q extends z.ZodType> = { scope: Scope; input: { params: P; query: Q } };

/** Who reads, and what: `requestId` and `headers` go with every answer. */
export type Reader<P extends z.ZodType, Q extends z.ZodType> = {
  caller: Caller;
  params: z.output<P>;
  query: z.output<Q>;
  request: Request;
  requestId: string;
  headers: Record<string, string>;
};

/** A plain link cannot send `X-Project-Id`, so that `?project=` says the same. */
function withProject(request: Request): Request {
  const project = new URL(request.url).searchParams.get("project");
  if (project === null || request.headers.has("x-project-id")) return request;
  const headers = new Headers(request.headers);
  headers.set("X-Project-Id", encodeURIComponent(project));
  return new Request(request.url, { method: request.method, headers });
}

/** An endpoint that is read as something else than one JSON answer; what fails before that becomes problem+json. */
export function readRoute<P extends z.ZodType, Q extends z.ZodType>(
  { scope, input }: Asked<P, Q>,
  respond: (reader: Reader<P, Q>) => Promise<Response>,
): Handler {
  return async (request, args) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    let rate: Record<string, string> = {};
    try {
      const caller = await authenticate(withProject(request), undefined);
      rate = await limitKey(caller);
      requireScope(caller, scope);
      // Next gives none where the address has no names in it.
      const params = input.params.safeParse((await args.params) ?? {});
      if (!params.success) throw new AppError("not_found", "There is nothing at this address.");
      const query = input.query.parse(Object.fromEntries(new URL(request.url).searchParams));
      const headers = { "X-Request-Id": requestId, ...rate };
      return await respond({ caller, params: params.data, query, request, requestId, headers });
    } catch (error) {
      return problem(error, requestId, rate);
    }
  };
}
