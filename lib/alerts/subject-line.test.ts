import fc from "fast-check";
import { expect, test } from "vitest";
import { EVENT_TYPES } from "./events";
import { labelOf, subjectLine } from "./subject-line";

test.each([
  ["check.down", "Nightly backup", "DOWN: Nightly backup"],
  ["check.up", "Nightly backup", "UP: Nightly backup"],
  ["check.down", "a\r\nBcc: x@evil.example\0", "DOWN: a Bcc: x@evil.example"],
  ["check.down", "a\u2028b\u2029c", "DOWN: a b c"],
  ["something.new", "x", "ALERT: x"],
])("%s of %j is %j", (type, name, line) => expect(subjectLine(type, name)).toBe(line));

test("every event has a label of its own", () => {
  expect(new Set(EVENT_TYPES.map(labelOf)).size).toBe(EVENT_TYPES.length);
  expect(EVENT_TYPES.map(labelOf)).not.toContain("ALERT");
});

test("one line of at most 150 whole characters, whatever the name", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      const line = subjectLine("check.down", name);
      expect([...line].length).toBeLessThanOrEqual(150);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(Buffer.from(line).toString()).toBe(line);
    }),
  );
});
