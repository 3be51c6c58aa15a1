import { connect, type Socket } from "node:net";

/** A whole answer: its status, and how many bytes it has. */
type Answer = { status: number; length: number };

const HEAD_END = "\r\n\r\n";
const CHUNKS_END = "\r\n0\r\n\r\n";
/** Three ASCII digits read as a number are this much too large. */
const ZEROS = 48 * 111;

/** Reads an answer from its status line and its length; null while it is not whole. */
function parseAnswer(data: Buffer): Answer | null {
  const headEnd = data.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const head = data.toString("latin1", 0, headEnd + 2);
  const status = Number(head.slice(9, 12));
  const bodyAt = headEnd + HEAD_END.length;
  const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1];
  if (length !== undefined) {
    const whole = bodyAt + Number(length);
    return data.length >= whole ? { status, length: whole } : null;
  }
  if (!/\r\ntransfer-encoding: *chunked\r\n/i.test(head)) return { status, length: bodyAt };
  const end = data.indexOf(CHUNKS_END, headEnd + 2);
  return end < 0 ? null : { status, length: end + CHUNKS_END.length };
}

/** Told the status of each answer, or 0 when the connection broke before it. */
type Listener = (status: number) => void;

/** A keep-alive connection with one request in flight. */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #listener: Listener;
  #rest: Buffer | null = null;
  #waiting = false;
  /** The last whole answer: one that looks like it needs no parsing. */
  #known: Answer = { status: 0, length: -1 };

  constructor(port: number, opened: () => void, listener: Listener) {
    this.#listener = listener;
    this.#socket = connect({
      host: "127.0.0.1",
      port,
      noDelay: true,
      // Without a buffer of its own every answer would allocate one.
      onread: {
        buffer: Buffer.allocUnsafe(16_384),
        callback: (size, chunk) => this.#receive(Buffer.from(chunk.buffer, chunk.byteOffset, size)),
      },
    });
    this.#socket
      .once("connect", opened)
      .on("error", () => undefined)
      .once("close", () => this.#waiting && this.#answered(0));
  }

  /** Sends a request; when the connection has broken, that is its answer. */
  send(request: Buffer): void {
    this.#waiting = true;
    if (this.#socket.writable) this.#socket.write(request);
    else setImmediate(() => this.#waiting && this.#answered(0));
  }

  end(): void {
    this.#waiting = false;
    this.#socket.destroy();
  }

  #answered(status: number): void {
    this.#waiting = false;
    this.#listener(status);
  }

  #receive(chunk: Buffer): boolean {
    if (this.#rest === null && this.#isKnown(chunk)) {
      this.#answered(this.#known.status);
      return true;
    }
    // Copied, because the buffer is read into again.
    const data = this.#rest === null ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const answer = parseAnswer(data);
    this.#rest = answer === null ? data : null;
    if (answer !== null) {
      this.#known = answer;
      this.#answered(answer.status);
    }
    return true;
  }

  #isKnown(chunk: Buffer): boolean {
    const { status, length } = this.#known;
    const digits = (chunk[9] ?? 0) * 100 + (chunk[10] ?? 0) * 10 + (chunk[11] ?? 0);
    return chunk.length === length && digits - ZEROS === status;
  }
}
