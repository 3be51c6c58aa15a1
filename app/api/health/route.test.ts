import { expect, test } from "vitest";
import { connect, pool } from "@/lib/db/pool";
import { markSeen } from "@/lib/sweeper/blackout";
import { call } from "@/lib/testing/http";
import { GET, POST } from "./route";

test("tells that the database answers, when the last sweep was, and what waits to be sent", async () => {
  await markSeen("sweep");
  const { status, body, headers } = await call(GET, { headers: { "X-Request-Id": "my-request-1" } });
  expect(status).toBe(200);
  expect(body).toEqual({
    status: "ok",
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    database: "ok",
    sweeper: { last_run_at: expect.stringMatching(/^\d{4}-.*Z$/), lag_ms: expect.any(Number) },
    outbox: { pending: 0, oldest_ms: null },
  });
  expect(headers.get("x-request-id")).toBe("my-request-1");
});

test("answers 503 in the same shape when the database does not answer", async () => {
  const working = pool();
  const broken = connect("postgresql://nobody@127.0.0.1:9/none");
  try {
    const { status, body } = await call(GET);
    expect(status).toBe(503);
    expect(body).toMatchObject({
      status: "error",
      database: "error",
      sweeper: { last_run_at: null, lag_ms: null },
      outbox: { pending: null, oldest_ms: null },
    });
  } finally {
    await broken.end();
    Object.assign(globalThis, { pulsetrailPool: working });
  }
});

test("other methods are refused with what is allowed", async () => {
  const { status, body, headers } = await call(POST, { method: "POST" });
  expect([status, headers.get("allow")]).toEqual([405, "GET, HEAD, OPTIONS"]);
  expect(body).toMatchObject({ code: "method_not_allowed", status: 405, type: "about:blank" });
});
