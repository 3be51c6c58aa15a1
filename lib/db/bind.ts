import type { PoolClient } from "pg";

type Value = string | Buffer | null;
/** As the driver asks for it. */
type Config = {
  portal?: string | undefined;
  statement?: string | undefined;
  binary?: boolean | string | undefined;
  values?: unknown[] | undefined;
  valueMapper?: ((value: unknown, index: number) => unknown) | undefined;
};
/** What the driver does not declare of its client. */
type WithStream = { stream?: { write: (bytes: Buffer) => unknown } };

const BIND = 0x42;
const [TEXT, BINARY] = [0, 1];

/** The parameters as they are sent. */
function valuesOf({ values = [], valueMapper }: Config): Value[] {
  return values.map((value, index): Value => {
    const mapped = valueMapper === undefined ? value : valueMapper(value, index);
    return mapped instanceof Buffer ? mapped : mapped === null || mapped === undefined ? null : String(mapped);
  });
}

const sizeOf = (value: Value): number =>
  value === null ? 0 : typeof value === "string" ? Buffer.byteLength(value) : value.byteLength;

function writeValue(bytes: Buffer, value: Value, at: number): number {
  if (value === null) return at;
  if (typeof value === "string") return at + bytes.write(value, at);
  return at + value.copy(bytes, at);
}

/** A Bind message (PostgreSQL manual, Message Formats) in a buffer of just its length. */
export function bindMessage(config: Config): Buffer {
  const { portal = "", statement = "", binary = false } = config;
  const values = valuesOf(config);
  const sizes = values.map(sizeOf);
  const names = Buffer.byteLength(portal) + Buffer.byteLength(statement) + 2;
  const length = sizes.reduce((sum, size) => sum + size, 4 + names + 2 + 2 * values.length + 2 + 4 * values.length + 4);
  const bytes = Buffer.allocUnsafe(1 + length);
  let at = bytes.writeUInt8(BIND, 0);
  at = bytes.writeInt32BE(length, at);
  for (const name of [portal, statement]) at = bytes.writeUInt8(0, at + bytes.write(name, at));
  at = bytes.writeInt16BE(values.length, at);
  for (const value of values) at = bytes.writeInt16BE(value === null || typeof value === "string" ? TEXT : BINARY, at);
  at = bytes.writeInt16BE(values.length, at);
  values.forEach((value, index) => {
    at = bytes.writeInt32BE(value === null ? -1 : (sizes[index] ?? 0), at);
    at = writeValue(bytes, value, at);
  });
  at = bytes.writeInt16BE(1, at);
  bytes.writeInt16BE(binary ? BINARY : TEXT, at);
  return bytes;
}

/**
 * Makes a connection send the parameters of a statement in one buffer of their length. The driver's own buffer grows as it
 * goes: for a large statement it leaves four times its size behind, and V8 then looks through the whole heap for it.
 */
export function bindAtOnce({ connection }: PoolClient): void {
  const { stream } = connection as WithStream; // the driver does not declare it; another one only loses the gain
  if (stream === undefined) return;
  connection.bind = (config) => void stream.write(bindMessage(config ?? {}));
}
