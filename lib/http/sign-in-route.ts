import type { z } from "zod";
import { type Device, deviceOf } from "@/lib/auth/device";
import { readJson } from "./body";
import { openRoute } from "./open-route";
import type { Handler } from "./route";
import { requireSameOrigin } from "./session";

type Definition<S extends z.ZodType> = {
  body: S;
  handler: (body: z.output<S>, device: Device) => Promise<unknown>;
};

/** A form of somebody who is not signed in yet: only from our own pages, and never answered with more than it must. */
export function signInRoute<S extends z.ZodType>({ body, handler }: Definition<S>): Handler {
  return openRoute(async (request) => {
    requireSameOrigin(request);
    const parsed = body.parse((await readJson(request)) ?? {});
    return { status: 202, body: await handler(parsed, deviceOf(Object.fromEntries(request.headers))) };
  });
}
