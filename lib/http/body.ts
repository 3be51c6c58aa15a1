import { AppError } from "@/lib/core/errors";

const MAX_JSON_BYTES = 1_000_000;

/**
 * The JSON body of a request; undefined when there is none.
 * Throws `payload_too_large` past 1 MB, without reading the rest, and `invalid_json`.
 */
export async function readJson(request: Request): Promise<unknown> {
  const text = (await readBytes(request, MAX_JSON_BYTES)).toString("utf8");
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError("invalid_json", "The body is not valid JSON.");
  }
}

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body === null) return Buffer.alloc(0);
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw new AppError("payload_too_large", `The body is larger than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
