import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { momentsIn } from "@/lib/checks/schedule/moments";
import { HOUR, MINUTE } from "@/lib/core/time";
import { FRESH, ping, play, type Step, T0 } from "@/lib/testing/history";
import { type CheckEvent, nextLook, type PingKind, transition } from "./state";

describe("laws of signals that do not come", () => {
  test("the end of an outage tells of all that was missed in it, whatever else came and however often anybody looked", () => {
    const rules = fc.integer({ min: 1, max: 4 }).map((maxMisses) => ({ ...FRESH.rules, maxMisses }));
    const events = fc.constantFrom<CheckEvent["type"]>("tick", "tick", "fail", "log", "start");
    const gaps = fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), events), { maxLength: 12 });
    fc.assert(
      fc.property(rules, gaps, fc.integer({ min: 1, max: 400 }), (asked, steps, last) => {
        let at = 0;
        const events = steps.map(([gap, type]): Step => {
          at += gap;
          return [at, type === "tick" ? { type } : ping(type as PingKind, "r")]; // the others are kinds of signals
        });
        const seen = play([[0, ping("success")], ...events, [at + last, ping("success")]], { ...FRESH, rules: asked });
        const rows = seen.flatMap(({ missed }) => missed);
        expect(new Set(rows).size).toBe(rows.length);
        expect(seen.at(-1)?.missedInAll).toBe(rows.length);
      }),
    );
  });

  test("what did not come is on record as soon as anybody looks, however often that was and however long it is down", () => {
    const looks = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), looks, (maxMisses, gaps) => {
        const state = { ...FRESH, rules: { ...FRESH.rules, maxMisses } };
        let at = 0;
        const ticks = gaps.map((gap): Step => {
          at += gap;
          return [at, { type: "tick" }];
        });
        const rows = play([[0, ping("success")], ...ticks], state).flatMap(({ missed }) => missed);
        const until = T0 + at * MINUTE - FRESH.graceMs;
        expect(rows).toEqual(momentsIn(FRESH.schedule, { after: T0, until }));
      }),
    );
  });

  test("whoever looks when told to sees each signal that does not come at once, and never looks for nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 30 }), (maxMisses, looks) => {
        let state =
          play([[0, ping("success")]], { ...FRESH, rules: { ...FRESH.rules, maxMisses } }).at(-1)?.next ?? FRESH;
        let now = T0;
        for (let look = 1; look <= looks; look += 1) {
          const next = nextLook(state, { now, wantsLate: false }) ?? Number.NaN;
          expect(next).toBeGreaterThan(now);
          now = next;
          const seen = transition(state, { type: "tick" }, now);
          expect(seen.missed).toEqual([T0 + look * HOUR]);
          state = seen.next;
        }
      }),
    );
  });
});
