import { AppError } from "@/lib/core/errors";
import { depthOf } from "@/lib/core/json-depth";

const MAX_JSON_BYTES = 1_000_000;
/** Deeper nesting is nobody's data, and recursive code such as JSON.stringify breaks on it. */
const MAX_JSON_DEPTH = 200;

/**
 * The JSON body of a request; undefined when there is none.
 * Throws `payload_too_large` past 1 MB, without reading the rest, and `invalid_json`.
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request, MAX_JSON_BYTES);
  if (text.trim() === "") return undefined;
  if (depthOf(text) > MAX_JSON_DEPTH)
    throw new AppError("invalid_json", `The body is nested deeper than ${MAX_JSON_DEPTH}.`);
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_json", "The body is not valid JSON.");
  }
}

/** The body of a request as text. Throws `payload_too_large` past `limit` bytes, without reading the rest. */
export async function readText(request: Request, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body === null) return "";
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) {
      // The rest is never read, so the connection can serve no other request.
      const headers = { Connection: "close" };
      throw new AppError("payload_too_large", `The body is larger than ${limit} bytes.`, { headers });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
