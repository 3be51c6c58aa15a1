import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import { BrokenOff, keepStart } from "./arrival";
import type { Dialect } from "./dialect";
import { betterStack } from "./dialects/better-stack";
import { pingpulse } from "./dialects/pingpulse";
import { sentry } from "./dialects/sentry";
import { uptimeKuma } from "./dialects/uptime-kuma";
import { type Incoming, serve } from "./serve";

const incoming: Incoming = {
  method: "POST",
  target: "/",
  headers: {},
  socket: undefined,
  hops: 0,
  requestId: "request-1",
  body: async () => Buffer.from("{}"),
};
const read = () => {
  throw new Error("a mistake of ours");
};

describe("a mistake of ours while a signal is read is told in the words of its service", () => {
  test.each<[string, Dialect, string]>([
    ["JSON", sentry, "application/problem+json"],
    ["text", betterStack, "text/plain; charset=utf-8"],
    ["words of its own", uptimeKuma, "application/json"],
  ])("%s", async (_name, dialect, type) => {
    const { status, text, headers } = await serve({ is: "ping", dialect, parsed: { read } }, incoming);
    expect([status, headers["Content-Type"]]).toEqual([500, type]);
    expect(text).toContain("omething went wrong on our side");
    expect(text).not.toContain("a mistake of ours");
  });

  test("of a stage", async () => {
    const { status, headers } = await serve({ is: "stage", parsed: { readStage: read } }, incoming);
    expect([status, headers["Content-Type"]]).toEqual([500, "application/problem+json"]);
  });

  test("with the id of the request", async () => {
    const { text } = await serve({ is: "ping", dialect: pingpulse, parsed: { read } }, incoming);
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: "internal", request_id: "request-1" });
  });
});

test("a body that breaks off is answered by nobody", async () => {
  const chunks = Readable.from(
    (function* () {
      yield Buffer.from("{");
      throw new Error("aborted");
    })(),
  );
  const body = (limit: number) => keepStart(chunks, limit);
  await expect(serve({ is: "ping", dialect: sentry, parsed: { read } }, { ...incoming, body })).rejects.toThrow(
    BrokenOff,
  );
});
