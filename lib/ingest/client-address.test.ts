import { describe, expect, test } from "vitest";
import { clientAddress } from "./client-address";

const from = (forwarded: string | undefined, hops: number) =>
  clientAddress({ socket: "::ffff:10.0.0.9", forwarded, hops });

describe("the address of a client", () => {
  test.each([
    ["nothing is believed without trusted proxies", "1.2.3.4", 0, "10.0.0.9"],
    ["no header: the socket", undefined, 1, "10.0.0.9"],
    ["one proxy: the last entry", "6.6.6.6, 1.2.3.4", 1, "1.2.3.4"],
    ["two proxies: the one before", "6.6.6.6, 1.2.3.4, 10.0.0.1", 2, "1.2.3.4"],
    ["more hops than entries: the first", "1.2.3.4", 3, "1.2.3.4"],
    ["with a port", "1.2.3.4:5678", 1, "1.2.3.4"],
    ["IPv6", "2001:db8::1", 1, "2001:db8::1"],
    ["IPv6 with a port", "[2001:db8::1]:443", 1, "2001:db8::1"],
    ["mapped IPv4", "::ffff:1.2.3.4", 1, "1.2.3.4"],
    ["words", "unknown", 1, null],
    ["a trailing comma", "1.2.3.4,", 1, null],
    ["a zone", "fe80::1%eth0", 1, null],
    ["an injection", "1.2.3.4'; --", 1, null],
  ])("%s", (_name, forwarded, hops, expected) => {
    expect(from(forwarded, hops)).toBe(expected);
  });
});
