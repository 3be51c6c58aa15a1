import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { BrokenOff } from "@/lib/ingest/arrival";
import { Body, Held } from "./body";

async function* chunks(...all: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* all;
}
const text = (bytes: Buffer): string => bytes.toString();

test("what a body holds of the memory for all is given back", async () => {
  const held = new Held(1000);
  const first = new Body(held);
  const raw = gzipSync("x".repeat(600));
  expect(text(await first.read(chunks(raw.subarray(0, 5), raw.subarray(5)), { isGzip: true }))).toBe("x".repeat(600));
  expect(held.bytes).toBe(600);
  const second = new Body(held);
  await expect(second.read(chunks(Buffer.alloc(500)), { isGzip: false })).rejects.toMatchObject({
    code: "unavailable",
    headers: { "Retry-After": "2" },
  });
  second.release();
  first.release();
  expect(held.bytes).toBe(0);
  const third = new Body(held);
  expect((await third.read(chunks(Buffer.alloc(500)), { isGzip: false })).length).toBe(500);
});

test("there is no room for what would decompress to more than is free", async () => {
  const held = new Held(1000);
  const body = new Body(held);
  await expect(body.read(chunks(gzipSync("x".repeat(5000))), { isGzip: true })).rejects.toMatchObject({
    code: "unavailable",
  });
  body.release();
  expect(held.bytes).toBe(0);
});

test("past its limit the rest is read away before it is refused", async () => {
  let read = 0;
  async function* many(): AsyncGenerator<Uint8Array> {
    for (read = 0; read < 100; read += 1) yield Buffer.alloc(10);
  }
  const refused = new Body(new Held()).read(many(), { isGzip: false, max: 50 });
  await expect(refused).rejects.toMatchObject({ code: "payload_too_large", headers: { Connection: "close" } });
  expect(read).toBe(100);
});

test("a client that does not send all of it is told from one that sends too much", async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(10);
    throw new Error("aborted");
  }
  await expect(new Body(new Held()).read(broken(), { isGzip: false })).rejects.toBeInstanceOf(BrokenOff);
});

test.each([
  ["no gzip", Buffer.from("x".repeat(100))],
  ["one that was cut off", gzipSync("x".repeat(5000)).subarray(0, 25)],
  ["one that was damaged", gzipSync("abcdefgh".repeat(100)).fill(0, 12, 16)],
])("%s is refused", async (_what, raw) => {
  await expect(new Body(new Held()).read(chunks(raw), { isGzip: true })).rejects.toMatchObject({
    code: "invalid_input",
  });
});

test("a gzip of nothing is nothing", async () => {
  expect((await new Body(new Held()).read(chunks(gzipSync("")), { isGzip: true })).length).toBe(0);
});
