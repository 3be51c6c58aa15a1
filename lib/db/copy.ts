import type { Connection } from "pg";
import pg from "pg";
import { CopyWriter } from "./copy-writer";
import type { Db } from "./pool";

/** A table and its columns, with how what they hold is written of a row. The writer's method has to fit the type of the column. */
export type CopyTable<Row> = {
  name: string;
  columns: readonly (readonly [name: string, write: (writer: CopyWriter, row: Row) => void])[];
};

/** What the driver does not declare of its connection. */
type Wire = Connection & {
  query: (text: string) => void;
  stream: { cork: () => void; uncork: () => void; write: (bytes: Buffer, written?: () => void) => boolean };
};
type Settled = (error?: Error) => void;

/** The message CopyDone (PostgreSQL manual, Message Formats). */
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * The driver refuses statements of other classes in a pipeline, because most hold a portal open. This one does not: its rows
 * travel right behind it, and a server that refuses it passes over them until the next statement.
 */
class CopyIn extends pg.Query {
  readonly #writer: CopyWriter;
  readonly #text: string;

  constructor(text: string, writer: CopyWriter, settled: Settled) {
    super({ text }, settled);
    this.#text = text;
    this.#writer = writer;
  }

  override submit = (connection: Connection): void => {
    const wire = connection as Wire; // see there
    wire.stream.cork();
    wire.query(this.#text);
    this.#writer.send((message, written) => wire.stream.write(message, written));
    wire.stream.write(COPY_DONE);
    wire.stream.uncork();
  };

  /** Nothing is waited for: see above. */
  handleCopyInResponse(): void {}
}

/**
 * Stores rows by COPY in binary form: they are put on their pages together, and nothing is parsed but JSON. `tx` must be the
 * client of a transaction. The statement has been sent when it returns, unless a value does not fit; it fails as an
 * INSERT of the same rows would. Sources: PostgreSQL manual, COPY (Binary Format) and Message Flow (COPY Operations).
 */
export async function copyRows<Row>(tx: Db, { name, columns }: CopyTable<Row>, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  const writer = new CopyWriter();
  for (const row of rows) {
    writer.row(columns.length);
    for (const [, write] of columns) write(writer, row);
  }
  writer.end();
  const text = `COPY ${name} (${columns.map(([column]) => column).join(", ")}) FROM STDIN (FORMAT binary)`;
  await new Promise<void>((resolve, reject) => {
    tx.query(new CopyIn(text, writer, (error) => (error ? reject(error) : resolve())));
  });
}
