import type { JsonObject } from "@/lib/core/json-object";
import type { Headers, Refusal, Sent } from "./dialect";
import { parseObject, storable } from "./json";

const BEARER = /^Bearer +(\S+)$/i;

/** Longer than any key; what is kept for each key must not grow with what a client sends. */
const MAX_KEY_LENGTH = 200;

/** What a keyed request says: its key, and its JSON body without it. */
export type Keyed = { key: string; body: JsonObject };

const one = (value: string | string[] | undefined): string => (Array.isArray(value) ? value[0] : value) ?? "";

function keyIn(headers: Headers, query: URLSearchParams): string {
  const bearer = BEARER.exec(one(headers["authorization"]))?.[1];
  return bearer || one(headers["x-api-key"]) || query.get("key") || "";
}

/** Reads the key, wherever it is (public contract §2), and the body; refuses a request without a key. */
export function readKeyed(sent: Sent, query: URLSearchParams): Keyed | Refusal {
  if (!sent.isWhole) return { status: 413, text: "The body is larger than 1 MB." };
  const object = sent.body === null ? {} : parseObject(sent.body);
  if (object === null) return { status: 400, text: "The body is not a JSON object." };
  const { key: inBody, ...body } = object;
  const key = keyIn(sent.headers, query) || (typeof inBody === "string" ? inBody : "");
  if (key === "") return { status: 401, text: "A key is required." };
  if (key.length > MAX_KEY_LENGTH) return { status: 401, text: "This is no key." };
  return { key: storable(key), body };
}
