import { prisma } from "@/lib/db/client";
import type { Handler } from "@/lib/http/route";
import { type Answered, call } from "./http";

type Routes = Partial<Record<"GET" | "POST" | "DELETE", Handler>>;
export type Asked = {
  key?: string;
  body?: unknown;
  path?: string;
  version?: string;
  id?: string;
  n?: string;
  headers?: Record<string, string>;
};

/** A check as an answer shows it, to look at by name. */
export type Shown = Record<string, unknown> & { uuid: string; checks: Shown[] };

export const shown = (answer: Answered): Shown => answer.body as Shown; // the tests then look at what is really there

/** Asks an endpoint of the management API as a client with this key would. */
export function send(
  routes: Routes,
  method: keyof Routes,
  { version = "v3", id = "", n = "", ...rest }: Asked,
): Promise<Answered> {
  const handler = routes[method];
  if (handler === undefined) throw new Error(`the route has no ${method}`);
  return call(handler, { method, params: { version, id, n }, ...rest });
}

/** Makes a channel that nothing is ever sent to. */
export async function makeChannel(projectId: string, name: string): Promise<string> {
  const made = await prisma().channel.create({ data: { projectId, kind: "email", name, config: new Uint8Array() } });
  return made.id;
}
