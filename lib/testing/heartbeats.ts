import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { pool } from "@/lib/db/pool";

async function column(name: "heartbeat_token" | "process_hook_id", checkId: string): Promise<string> {
  const found = await pool().query<{ value: string }>(`SELECT ${name} AS value FROM checks WHERE id = $1`, [checkId]);
  return found.rows[0]?.value ?? "";
}

/** The heartbeat token of a check. */
export const heartbeatToken = (checkId: string): Promise<string> => column("heartbeat_token", checkId);

/** The process hook id of a check. */
export const hookId = (checkId: string): Promise<string> => column("process_hook_id", checkId);

type Asked = { method?: string; headers: Record<string, string> };

/** Asks with headers that `fetch` sets by itself, such as `Host`; gives status and text of the answer. */
export async function ask(url: string, { method = "GET", headers }: Asked): Promise<[number, string]> {
  const sent = request(url, { method, headers: { Connection: "close", ...headers } });
  sent.end();
  const [answer]: IncomingMessage[] = await once(sent, "response");
  return [answer?.statusCode ?? 0, answer === undefined ? "" : await text(answer)];
}
