/** Large enough that messages are few, small enough to be kept. */
const CHUNK_BYTES = 64 * 1024;
/** So many chunks are used again: two megabytes, the rows of a large transaction or two. */
const KEPT_CHUNKS = 32;
/** The message CopyData begins with its letter and its length. */
const MESSAGE_HEADER = 5;
const COPY_DATA = 0x64;
/** PostgreSQL manual, COPY, Binary Format: the signature, no flags, no extension. */
const FILE_HEADER = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)]);
const END_OF_FILE = -1;
const NULL = -1;

const TEXT_OID = 25;
const JSONB_VERSION = 1;
/** 2000-01-01, where PostgreSQL counts time from, in epoch milliseconds. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 2 ** 32;
/** Up to here a loop is faster than a call of the runtime. */
const SHORT = 40;
/** UTF-8 takes at most three bytes for a unit of UTF-16. */
const BYTES_PER_UNIT = 3;

const kept: Buffer[] = [];
const giveBack = (chunk: Buffer) => (): void => {
  if (chunk.length === CHUNK_BYTES && kept.length < KEPT_CHUNKS) kept.push(chunk);
};

/**
 * Rows in the binary form of COPY, in messages that are ready to be sent. Memory of messages is used again once they are
 * sent, because buffers of that size make V8 look through the whole heap. Every method writes one value of the type that
 * it is named after, null included.
 */
export class CopyWriter {
  #full: Buffer[] = [];
  #sizes: number[] = [];
  #chunk: Buffer;
  #at = MESSAGE_HEADER;

  constructor() {
    this.#chunk = kept.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.#at += FILE_HEADER.copy(this.#chunk, this.#at);
  }

  /** Begins a row of so many values. */
  row(nValues: number): void {
    this.#room(2);
    this.#at = this.#chunk.writeInt16BE(nValues, this.#at);
  }

  /** After the last row. */
  end(): void {
    this.row(END_OF_FILE);
    this.#close();
  }

  /** Hands over all messages in order, once, each with what is to be called when it has been written out. */
  send(write: (message: Buffer, written: () => void) => void): void {
    this.#full.forEach((chunk, index) => {
      write(chunk.subarray(0, this.#sizes[index]), giveBack(chunk));
    });
    this.#full = [];
  }

  text(value: string | null): void {
    if (value === null) this.#null();
    else this.#string(value);
  }

  /** The text of a JSON value. */
  jsonb(text: string | null): void {
    if (text === null) this.#null();
    else this.#string(text, JSONB_VERSION);
  }

  bool(value: boolean): void {
    this.#header(1);
    this.#at = this.#chunk.writeUInt8(value ? 1 : 0, this.#at);
  }

  /** Throws `RangeError` unless it is a whole number below 2^31. */
  int4(value: number): void {
    if (!Number.isInteger(value)) throw new RangeError(`${value} is no whole number`);
    this.#header(4);
    this.#at = this.#chunk.writeInt32BE(value, this.#at);
  }

  /** Throws `RangeError` unless it is a whole number that a double can tell from its neighbours. */
  int8(value: number | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number below 2^53`);
    this.#header(8);
    const high = Math.floor(value / TWO_TO_32);
    this.#at = this.#chunk.writeInt32BE(high, this.#at);
    this.#at = this.#chunk.writeUInt32BE(value - high * TWO_TO_32, this.#at);
  }

  /** Epoch milliseconds, stored to the microsecond. */
  timestamptz(epochMs: number): void {
    this.int8(Math.round((epochMs - POSTGRES_EPOCH_MS) * 1000));
  }

  uuid(value: string): void {
    this.#header(16);
    this.#at += this.#chunk.write(value.replaceAll("-", ""), this.#at, "hex");
  }

  /** PostgreSQL's sources, `array_recv`: dimensions, whether there are nulls, the type, how many, the number of the first. */
  textArray(values: readonly string[] | null): void {
    if (values === null) {
      this.#null();
      return;
    }
    const isEmpty = values.length === 0;
    const header = isEmpty ? [0, 0, TEXT_OID] : [1, 0, TEXT_OID, values.length, 1];
    const size = values.reduce((sum, value) => sum + 4 + Buffer.byteLength(value), header.length * 4);
    this.#header(size);
    for (const word of header) this.#at = this.#chunk.writeInt32BE(word, this.#at);
    for (const value of values) this.#string(value);
  }

  #null(): void {
    this.#room(4);
    this.#at = this.#chunk.writeInt32BE(NULL, this.#at);
  }

  #header(size: number): void {
    this.#room(4 + size);
    this.#at = this.#chunk.writeInt32BE(size, this.#at);
  }

  #string(value: string, version?: number): void {
    const most = value.length <= CHUNK_BYTES / 8 ? value.length * BYTES_PER_UNIT : Buffer.byteLength(value);
    this.#room(5 + most);
    const begin = this.#at + 4;
    let at = begin;
    if (version !== undefined) at = this.#chunk.writeUInt8(version, at);
    at += this.#utf8(value, at);
    this.#chunk.writeInt32BE(at - begin, this.#at);
    this.#at = at;
  }

  #utf8(value: string, at: number): number {
    const chunk = this.#chunk;
    if (value.length > SHORT) return chunk.write(value, at);
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return chunk.write(value, at);
      chunk[at + index] = unit;
    }
    return value.length;
  }

  /** Makes so many bytes fit: into a message of their own when they are many. */
  #room(size: number): void {
    if (this.#at + size <= this.#chunk.length) return;
    this.#close();
    const isLarge = MESSAGE_HEADER + size > CHUNK_BYTES;
    this.#chunk = isLarge
      ? Buffer.allocUnsafeSlow(MESSAGE_HEADER + size)
      : (kept.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES));
    this.#at = MESSAGE_HEADER;
  }

  #close(): void {
    this.#chunk.writeUInt8(COPY_DATA, 0);
    this.#chunk.writeInt32BE(this.#at - 1, 1);
    this.#full.push(this.#chunk);
    this.#sizes.push(this.#at);
  }
}
