import { timingSafeEqual } from "node:crypto";
import { AppError } from "@/lib/core/errors";
import { sha256 } from "@/lib/core/ids";
import { env } from "@/lib/env";
import { problem } from "./problem";
import { requestIdFrom } from "./request-id";
import type { Handler } from "./route";

type Answer = { status?: number; body: unknown };

/** An endpoint that asks for no API key; any failure becomes problem+json. */
export function openRoute(handler: (request: Request) => Promise<Answer>): Handler {
  return async (request) => {
    const requestId = requestIdFrom(request.headers.get("x-request-id"));
    try {
      const { status = 200, body } = await handler(request);
      return Response.json(body, { status, headers: { "Cache-Control": "no-store", "X-Request-Id": requestId } });
    } catch (error) {
      return problem(error, requestId);
    }
  };
}

/** An endpoint for outside schedulers: 404 without CRON_SECRET, 401 without the right bearer token. */
export function cronRoute(work: () => Promise<unknown>): Handler {
  return openRoute(async (request) => {
    const secret = env().CRON_SECRET;
    if (secret === undefined) throw new AppError("not_found", "There is nothing at this address.");
    // Hashes have one length, as the comparison in constant time wants.
    const given = sha256(request.headers.get("authorization") ?? "");
    if (!timingSafeEqual(given, sha256(`Bearer ${secret}`))) {
      throw new AppError("unauthenticated", "The bearer token is not CRON_SECRET.", {
        headers: { "WWW-Authenticate": "Bearer" },
      });
    }
    return { body: await work() };
  });
}
