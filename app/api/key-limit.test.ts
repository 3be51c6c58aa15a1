import { afterEach, beforeEach, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { call } from "@/lib/testing/http";
import { makeWorld } from "@/lib/testing/world";
import { GET as listChecks } from "./[version]/checks/route";
import { GET as listAlerts } from "./alerts/route";

beforeEach(() => settle({ RATE_LIMITS: "on" }));
afterEach(() => settle({ RATE_LIMITS: "off" }));

test("a key has 600 requests a minute over all APIs, and is told so", async () => {
  const { key, foreignKey } = await makeWorld();
  const checks = () => call(listChecks, { key, params: { version: "v3" } });
  const first = await call(listAlerts, { key });
  expect(first.status).toBe(200);
  expect(first.headers.get("ratelimit-policy")).toBe('"api";q=600;w=60');
  expect(first.headers.get("ratelimit")).toMatch(/^"api";r=599;t=\d+$/);
  expect((await checks()).headers.get("ratelimit")).toMatch(/^"api";r=598;t=\d+$/);
  const rest = await Promise.all(Array.from({ length: 598 }, checks));
  expect(rest.every((answer) => answer.status === 200)).toBe(true);

  const over = await call(listAlerts, { key });
  expect(over.status).toBe(429);
  expect(over.body).toMatchObject({ status: 429, code: "rate_limited" });
  expect(over.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(over.headers.get("ratelimit")).toMatch(/^"api";r=0;t=\d+$/);
  const management = await checks();
  expect([management.status, management.body]).toEqual([429, { error: "This key may make 600 requests a minute." }]);
  expect((await call(listAlerts, { key: foreignKey })).status).toBe(200);
});
