import { inject } from "vitest";
import { z } from "zod";

const Check = z.object({ uuid: z.string(), name: z.string(), status: z.string(), n_pings: z.number() });
const Ping = z.object({ n: z.number(), type: z.string(), source: z.string(), body_url: z.string().nullable() });
type Ping = z.infer<typeof Ping>;

async function ask(path: string, init: RequestInit = {}): Promise<unknown> {
  const answer = await fetch(`${inject("origin")}${path}`, { ...init, headers: { "X-Api-Key": inject("apiKey") } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Makes a check, as the project's own form would. */
export async function makeCheck(name: string): Promise<z.infer<typeof Check>> {
  const body = JSON.stringify({ name, slug: name, timeout: 3600, grace: 600 });
  return Check.parse(await ask("/api/v3/checks/", { method: "POST", body }));
}

export async function checkOf(uuid: string): Promise<z.infer<typeof Check>> {
  return Check.parse(await ask(`/api/v3/checks/${uuid}`));
}

/** The check of a slug. */
export async function checkNamed(slug: string): Promise<z.infer<typeof Check>> {
  const [check] = z.object({ checks: z.array(Check) }).parse(await ask(`/api/v3/checks/?slug=${slug}`)).checks;
  if (check === undefined) throw new Error(`no check ${slug}`);
  return check;
}

/** The signals of a check, oldest first. */
export async function pingsOf(uuid: string): Promise<Ping[]> {
  const { pings } = z.object({ pings: z.array(Ping) }).parse(await ask(`/api/v3/checks/${uuid}/pings/`));
  return pings.toReversed();
}

/** What a signal brought along. */
export async function bodyOf({ body_url: url }: Ping): Promise<string> {
  if (url === null) return "";
  const answer = await fetch(url, { headers: { "X-Api-Key": inject("apiKey") } });
  return answer.text();
}
