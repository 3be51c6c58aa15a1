import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

type Page = { status?: number; type: string; text: string };

/** An endpoint the whole web may read and embed without a key: badges and liveness. Nothing in it may run or be cached. */
export function publicRoute(handler: (params: Record<string, unknown>) => Promise<Page>): Handler {
  return async (request, args) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    try {
      const { status = 200, type, text } = await handler(await args.params);
      const headers = {
        "Content-Type": type,
        "Access-Control-Allow-Origin": "*",
        "Cache-Control": "no-cache",
        "Content-Security-Policy": "default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Request-Id": requestId,
      };
      return new Response(text, { status, headers });
    } catch (error) {
      return problem(error, requestId);
    }
  };
}
