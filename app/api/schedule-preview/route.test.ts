import { expect, test } from "vitest";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { makeWorld } from "@/lib/testing/world";
import { GET } from "./route";

const { key } = await makeWorld();
const preview = (query: Record<string, string>) => call(GET, { key, path: `/?${new URLSearchParams(query)}` });

test("an expression is told in words, with its next five runs in the zone", async () => {
  const from = "2026-03-28T00:00:00Z";
  expect((await preview({ schedule: "30 2 * * *", tz: "Europe/Berlin", from })).body).toEqual({
    syntax: "cron",
    description: "At 02:30",
    time_zone: "Europe/Berlin",
    // On the 29th the clock goes from 2:00 to 3:00.
    next_runs: [
      "2026-03-28T01:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
      "2026-03-31T00:30:00.000Z",
      "2026-04-01T00:30:00.000Z",
    ],
  });
});

test("OnCalendar has words too, and may end", async () => {
  const answer = await preview({ schedule: "2027-01-0[1-9] 00:00", from: "2026-01-01T00:00:00Z" });
  expect(answer.status).toBe(400);
  expect((await preview({ schedule: "2027-01-01..02 06:00", tz: "UTC", from: "2026-01-01T00:00:00Z" })).body).toEqual({
    syntax: "oncalendar",
    description: "At 06:00, on days 1 and 2 of January, in 2027",
    time_zone: "UTC",
    next_runs: ["2027-01-01T06:00:00.000Z", "2027-01-02T06:00:00.000Z"],
  });
});

test("without a moment it looks ahead from now", async () => {
  const { body } = await preview({ schedule: "* * * * *" });
  const [first = ""] = (body as { next_runs: string[] }).next_runs; // the first test shows this shape
  expect(Math.abs(Date.parse(first) - Date.now())).toBeLessThan(120_000);
});

test.each([
  [{ schedule: "every day" }, "schedule"],
  [{ schedule: "0 0 30 2 *" }, "schedule"],
  [{ schedule: `${"0,".repeat(60)}0 * * * *` }, "schedule"],
  [{}, "schedule"],
  [{ schedule: "* * * * *", tz: "Mars/Olympus" }, "tz"],
  [{ schedule: "* * * * *", from: "soon" }, "from"],
])("%j is refused", async (query, name) => {
  expect(await preview(query)).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
});

test("it is for whoever may read", async () => {
  const { project, foreign } = await makeWorld();
  const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
  const path = "/?schedule=daily";
  expect((await call(GET, { path, headers: viewer.headers(project.id) })).status).toBe(200);
  expect((await call(GET, { path, headers: viewer.headers(foreign.id) })).status).toBe(404);
  expect((await call(GET, { path })).status).toBe(401);
});
