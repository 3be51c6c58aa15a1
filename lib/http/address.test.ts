import fc from "fast-check";
import { expect, test } from "vitest";
import { isAllowedAddress, isAllowedPort, isLiteral } from "./address";

test.each(["8.8.8.8", "1.1.1.1", "93.184.215.14", "2606:4700:4700::1111", "[2001:4860:4860::8888]", "::ffff:8.8.8.8"])(
  "%s is public",
  (address) => expect(isAllowedAddress(address, [])).toBe(true),
);

test.each(["", "example.com", "1.2.3", "::g", "127.0.0.1:80"])("%j is not an address", (text) =>
  expect(isAllowedAddress(text, ["0.0.0.0/0", "::/0"])).toBe(false),
);

test("private addresses need a range that holds them", () => {
  expect(isAllowedAddress("10.1.2.3", ["10.1.0.0/16"])).toBe(true);
  expect(isAllowedAddress("::ffff:10.1.2.3", ["10.1.0.0/16"])).toBe(true);
  expect(isAllowedAddress("10.2.2.3", ["10.1.0.0/16", "fd00::/8"])).toBe(false);
  expect(isAllowedAddress("fd00::1", ["10.1.0.0/16", "fd00::/8"])).toBe(true);
});

const octet = fc.integer({ min: 0, max: 255 });

test("no address of a private block is public, also inside IPv6", () => {
  const block = fc.constantFrom([10], [127], [0], [192, 168], [169, 254], [172, 16], [100, 64], [224], [255]);
  fc.assert(
    fc.property(block, octet, octet, octet, (start, ...rest) => {
      const address = [...start, ...rest].slice(0, 4).join(".");
      return (
        !isAllowedAddress(address, []) &&
        !isAllowedAddress(`::ffff:${address}`, []) &&
        !isAllowedAddress(`::${address}`, [])
      );
    }),
  );
});

test("every spelling that the URL parser turns into an address is seen as one", () => {
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d;
      return [`${number}`, `0x${number.toString(16)}`, `${a}.${b}.${c * 256 + d}`].every((host) =>
        isLiteral(new URL(`http://${host}/`).hostname),
      );
    }),
  );
  expect(isLiteral("localhost")).toBe(false);
});

test.each([
  [80, true],
  [443, true],
  [1024, true],
  [8443, true],
  [22, false],
  [0, false],
  [6379, false],
])("port %d is allowed: %s", (port, allowed) => expect(isAllowedPort(port)).toBe(allowed));
