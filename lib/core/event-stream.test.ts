import { expect, test } from "vitest";
import { encodeEvent, encodeRetry, HEARTBEAT } from "./event-stream";

const text = (chunk: Uint8Array): string => new TextDecoder().decode(chunk);

test("an event is lines with a blank one at the end; its data is one line, whatever it holds", () => {
  const data = { name: "two\nlines\r\nand Grüße" };
  expect(text(encodeEvent({ event: "steps", data, id: 7 }))).toBe(
    'id: 7\nevent: steps\ndata: {"name":"two\\nlines\\r\\nand Grüße"}\n\n',
  );
  expect(text(encodeEvent({ event: "instance", data: 1 }))).toBe("event: instance\ndata: 1\n\n");
});

test("a heartbeat is a comment, which listeners leave out", () => {
  expect(text(HEARTBEAT)).toBe(":\n\n");
  expect(text(encodeRetry(2000))).toBe("retry: 2000\n\n");
});
