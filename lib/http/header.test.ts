import { expect, test } from "vitest";
import { isAllowedHeader } from "./header";

test.each([
  ["X-Token", "secret", true],
  ["Authorization", "Bearer x", true],
  ["host", "x", false],
  ["Transfer-Encoding", "chunked", false],
  ["Proxy-Authorization", "x", false],
  ["X Y", "x", false],
  ["X-A:", "x", false],
  ["", "x", false],
  ["X-A", "a\nb", false],
  ["X-A", "a\0b", false],
  ["X-A", "snow ☃", false],
])("header %j: %j is allowed: %s", (name, value, allowed) => expect(isAllowedHeader(name, value)).toBe(allowed));
