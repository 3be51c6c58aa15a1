import { expect, test } from "vitest";
import { CopyWriter } from "./copy-writer";

/** A writer of so many rows of a kilobyte of one letter. */
function filled(letter: string, nRows: number): CopyWriter {
  const writer = new CopyWriter();
  for (let row = 0; row < nRows; row += 1) {
    writer.row(1);
    writer.text(letter.repeat(1000));
  }
  writer.end();
  return writer;
}

test("memory of a message is used again when it has been written out, and not before", () => {
  const messages: Buffer[] = [];
  const written: (() => void)[] = [];
  filled("a", 200).send((message, done) => {
    messages.push(message);
    written.push(done);
  });
  const before = Buffer.concat(messages);
  const memory = new Set(messages.map(({ buffer }) => buffer));
  expect(memory.size).toBe(4);
  filled("b", 200).send((message) => expect(memory).not.toContain(message.buffer));
  expect(Buffer.concat(messages)).toEqual(before);
  for (const done of written) done();
  const again: ArrayBufferLike[] = [];
  filled("c", 200).send(({ buffer }) => again.push(buffer));
  expect(again.filter((buffer) => memory.has(buffer))).toHaveLength(4);
});

test("every message is as long as it says, whatever its last value is", () => {
  for (let size = 65_500; size < 65_550; size += 1) {
    const writer = new CopyWriter();
    writer.row(3);
    writer.int4(7);
    writer.text("x".repeat(size));
    writer.bool(true);
    writer.end();
    let told = 0;
    writer.send((message, done) => {
      told += message.length - 5;
      expect([message[0], message.readInt32BE(1)]).toEqual(["d".charCodeAt(0), message.length - 1]);
      done();
    });
    // The header of the file, a count and three values with their lengths, and the end.
    expect(told).toBe(19 + 2 + 8 + 4 + size + 5 + 2);
  }
});
