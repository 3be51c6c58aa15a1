import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { AppError } from "@/lib/core/errors";
import { BrokenOff } from "@/lib/ingest/arrival";

/** Bytes of a request, as they come and after decompression (opentelemetry-proto recommends 64 MiB). */
const MAX_BYTES = 64 * 1024 * 1024;
/** So much more is read away, so that who sends it hears why it is refused. */
const MAX_READ_AWAY = 4 * MAX_BYTES;
/** Bytes of all requests that are under way in this process. */
const MAX_HELD = 3 * MAX_BYTES;

const inflate = promisify(gunzip);
const MIN_CHUNK = 64;

/** How much memory requests under way hold together. */
export class Held {
  #bytes = 0;
  readonly #max: number;

  constructor(max = MAX_HELD) {
    this.#max = max;
  }

  /** Throws `unavailable` when there is no room for so many more bytes. */
  take(bytes: number): void {
    if (this.#bytes + bytes > this.#max) {
      throw new AppError("unavailable", "Too many traces are on their way.", { headers: { "Retry-After": "2" } });
    }
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }
}

const tooLarge = (): AppError =>
  new AppError("payload_too_large", `The body is larger than ${MAX_BYTES} bytes after decompression.`, {
    // The rest is never read, so the connection can serve no other request.
    headers: { Connection: "close" },
  });

const noGzip = (): AppError =>
  new AppError("invalid_input", "The body is not a whole gzip of one part, as Content-Encoding says it is.");

/** One body with what it holds of the memory for all. */
export class Body {
  readonly #held: Held;
  #bytes = 0;

  constructor(held: Held) {
    this.#held = held;
  }

  /** Gives back what it holds. */
  release(): void {
    this.#held.give(this.#bytes);
    this.#bytes = 0;
  }

  #take(bytes: number): void {
    this.#held.take(bytes);
    this.#bytes += bytes;
  }

  /**
   * Reads it whole and decompresses it. Throws `payload_too_large`, `unavailable` when other requests hold the memory,
   * `invalid_input` for what is no gzip, and `BrokenOff` when the client does not send all of it.
   */
  async read(
    chunks: AsyncIterable<Uint8Array>,
    { isGzip, max = MAX_BYTES }: { isGzip: boolean; max?: number },
  ): Promise<Buffer> {
    const raw = await this.#collect(chunks, max);
    if (!isGzip || raw.length === 0) return raw;
    const whole = await this.#inflate(raw, max);
    this.#held.give(raw.length);
    this.#bytes -= raw.length;
    return whole;
  }

  /** Past what is kept the rest is read away before it is refused: who is still sending would not hear it. */
  async #collect(chunks: AsyncIterable<Uint8Array>, max: number): Promise<Buffer> {
    const kept: Uint8Array[] = [];
    let size = 0;
    let refusal: unknown = null;
    try {
      for await (const chunk of chunks) {
        size += chunk.byteLength;
        if (size > MAX_READ_AWAY) break;
        refusal ??= size > max ? tooLarge() : this.#refuse(chunk.byteLength);
        if (refusal === null) kept.push(chunk);
        else kept.length = 0;
      }
    } catch (cause) {
      throw new BrokenOff("the body breaks off", { cause });
    }
    if (refusal !== null) throw refusal;
    return Buffer.concat(kept);
  }

  #refuse(bytes: number): unknown {
    try {
      this.#take(bytes);
      return null;
    } catch (error) {
      return error;
    }
  }

  /** A gzip says at its end how much it holds, and is given no more memory than that (RFC 1952 §2.3.1). */
  async #inflate(raw: Buffer, max: number): Promise<Buffer> {
    const size = raw.length < MIN_GZIP ? 0 : raw.readUInt32LE(raw.length - 4);
    // What was cut off says anything.
    if (size > raw.length * MAX_RATIO) throw noGzip();
    if (size > max) throw tooLarge();
    this.#take(size);
    try {
      // One byte more than it holds, so that it comes in one piece and is not copied.
      return await inflate(raw, { maxOutputLength: Math.max(1, size), chunkSize: Math.max(MIN_CHUNK, size + 1) });
    } catch (error) {
      if (error instanceof RangeError) throw tooLarge();
      throw noGzip();
    }
  }
}
/** The shortest there is, and how many times its length one can hold at most. */
const MIN_GZIP = 18;
const MAX_RATIO = 1100;
