import fc from "fast-check";
import { expect, test } from "vitest";
import { MINUTE } from "@/lib/core/time";
import { pool } from "@/lib/db/pool";
import { makeCheck } from "@/lib/testing/checks";
import { makeProject } from "@/lib/testing/world";
import { boundsOf, firstSince } from "./bounds";

const T0 = Date.UTC(2026, 0, 1);

/** A check whose signals have these numbers, at these minutes after T0. */
async function signals(given: { n: number; minute: number }[]) {
  const project = await makeProject();
  const checkId = await makeCheck(project.id);
  await pool().query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, method, user_agent)
     SELECT $1, $2, n, 'success', 'healthchecks', at, 'http', 'GET', '' FROM unnest($3::bigint[], $4::timestamptz[]) AS given (n, at)`,
    [
      project.id,
      checkId,
      given.map(({ n }) => n),
      given.map(({ minute }) => new Date(T0 + minute * MINUTE).toISOString()),
    ],
  );
  return { projectId: project.id, checkId };
}

test("the first signal at or after a moment is found, whatever numbers are missing", async () => {
  const steps = fc.array(fc.record({ gap: fc.integer({ min: 1, max: 9 }), wait: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(steps, fc.array(fc.integer({ min: -2, max: 130 }), { maxLength: 8 }), async (made, minutes) => {
      let [n, minute] = [0, 0];
      const given = made.map(({ gap, wait }) => {
        n += gap;
        minute += wait;
        return { n, minute };
      });
      const place = await signals(given);
      const found = await firstSince(
        pool(),
        place,
        minutes.map((at) => T0 + at * MINUTE),
      );
      const isFrom = (number: number, at: number) =>
        given.every((one) => (one.minute >= at ? one.n >= number : one.n < number));
      expect(found).toHaveLength(minutes.length);
      for (const [index, at] of minutes.entries()) expect(isFrom(found[index] ?? -1, at)).toBe(true);
    }),
    { numRuns: 25 },
  );
});

test("bounds are open where no moment is given, and empty without signals", async () => {
  const place = await signals([3, 4, 9].map((n, index) => ({ n, minute: index * 10 })));
  const at = (minute: number) => T0 + minute * MINUTE;
  expect(await boundsOf(pool(), place, { from: null, to: null })).toEqual({ first: 3, end: 10 });
  expect(await boundsOf(pool(), place, { from: at(10), to: at(20) })).toEqual({ first: 4, end: 5 });
  expect(await boundsOf(pool(), place, { from: at(21), to: null })).toEqual({ first: 10, end: 10 });
  // Years that PostgreSQL does not have.
  expect(await boundsOf(pool(), place, { from: Date.UTC(-1, 0), to: Date.UTC(200_000, 0) })).toEqual({
    first: 3,
    end: 10,
  });
  expect(await boundsOf(pool(), await signals([]), { from: null, to: null })).toEqual({ first: 0, end: 0 });
});
