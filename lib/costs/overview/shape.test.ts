import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dayBefore } from "@/lib/costs/forecast";
import { daysNeeded, type FoundCosts, groupName, hasAnyCosts, toOverview } from "./shape";

const TODAY = "2026-11-22";
const NOTHING: FoundCosts = {
  by: "model",
  periodDays: 3,
  today: TODAY,
  timeZone: "Europe/Berlin",
  daily: [],
  groups: [],
  cells: [],
  instances: 0,
  names: new Map(),
};
const USD = 1_000_000;
const day = (ago: number): string => dayBefore(TODAY, ago);
const spent = (ago: number, usd: number, unpriced = 0) => ({ day: day(ago), costMicros: usd * USD, unpriced });
const group = (key: string | null, usd: number) => ({
  key,
  costMicros: usd * USD,
  steps: 2,
  inputTokens: 10,
  outputTokens: 1,
  unpriced: 0,
});

describe("the figures", () => {
  test("are those of today, of seven days with today, and of the month so far", () => {
    const daily = [spent(0, 1), spent(6, 2), spent(7, 4), spent(21, 8), spent(22, 16)];
    expect(toOverview({ ...NOTHING, daily })).toMatchObject({
      today_cost_usd: 1,
      week_cost_usd: 3,
      // The 22nd: 21 days ago it was the first.
      month_cost_usd: 15,
    });
  });

  test("tell the period and as long a time before it, with what has no price", () => {
    const daily = [spent(0, 1, 2), spent(2, 2, 1), spent(3, 4, 7), spent(5, 8), spent(6, 16)];
    expect(toOverview({ ...NOTHING, daily, instances: 5 })).toMatchObject({
      period_days: 3,
      total_cost_usd: 3,
      previous_cost_usd: 12,
      unpriced_steps: 3,
      instance_count: 5,
      currency: "USD",
      time_zone: "Europe/Berlin",
    });
  });

  test("leave out days that are still to come by the clock of the project", () => {
    const overview = toOverview({ ...NOTHING, daily: [spent(-1, 8, 1)] });
    expect(overview).toMatchObject({ today_cost_usd: 0, total_cost_usd: 0, unpriced_steps: 0 });
  });

  test("have a forecast from three days with costs on", () => {
    const daily = [spent(1, 1), spent(2, 1)];
    expect(toOverview({ ...NOTHING, daily }).month_forecast_usd).toBeNull();
    // Three days of $1, and eight still to come.
    expect(toOverview({ ...NOTHING, daily: [...daily, spent(3, 1)] }).month_forecast_usd).toBe(11);
  });

  test.each([
    [1, 45],
    [22, 45],
    [30, 60],
    [366, 732],
  ])("of %i days need %i", (days, needed) => expect(daysNeeded(days)).toBe(needed));
});

describe("groups", () => {
  test("have their shares of all that was spent, also of what is told apart by tags", () => {
    const daily = [spent(1, 4)];
    const groups = [group("opus", 3), group("", 1), group(null, 0)];
    expect(toOverview({ ...NOTHING, daily, groups }).groups).toMatchObject([
      { key: "opus", name: "opus", cost_usd: 3, share: 0.75, steps: 2, input_tokens: 10, output_tokens: 1 },
      { key: "", name: "not told", share: 0.25 },
      { key: null, name: "Others", share: 0 },
    ]);
    const tags = toOverview({ ...NOTHING, by: "tag", daily, groups: [group("acme", 4), group("beta", 4)] });
    expect(tags.sums_overlap).toBe(true);
    expect(tags.groups.map(({ share }) => share)).toEqual([1, 1]);
  });

  test("that cost nothing have no share of nothing", () => {
    expect(toOverview({ ...NOTHING, groups: [group("free", 0)] }).groups).toMatchObject([{ share: 0 }]);
  });

  test("of workflows have their names", () => {
    const names = new Map([["wf", "Night run"]]);
    expect(groupName("wf", "workflow", names)).toBe("Night run");
    expect(groupName("gone", "workflow", names)).toBe("gone");
    expect(groupName("", "agent", names)).toBe("not told");
  });
});

test("a project has told of costs once any step did, also before the period or without a price", () => {
  expect(hasAnyCosts(toOverview(NOTHING))).toBe(false);
  expect(hasAnyCosts(toOverview({ ...NOTHING, daily: [spent(5, 1)] }))).toBe(true);
  expect(hasAnyCosts(toOverview({ ...NOTHING, daily: [spent(0, 0, 1)] }))).toBe(true);
  expect(hasAnyCosts(toOverview({ ...NOTHING, groups: [group("unknown", 0)] }))).toBe(true);
});

describe("days", () => {
  test("are all there, oldest first, with what each of the dearest cost and the others together", () => {
    const cells = [
      { day: day(0), key: "opus", costMicros: 2 * USD },
      { day: day(0), key: "nobody-knows", costMicros: 0 },
      { day: day(2), key: "opus", costMicros: USD },
      { day: day(2), key: null, costMicros: USD / 2 },
    ];
    const daily = [
      { day: day(0), costMicros: 2 * USD, unpriced: 1 },
      { day: day(2), costMicros: 1.5 * USD, unpriced: 0 },
    ];
    expect(toOverview({ ...NOTHING, daily, cells }).days).toEqual([
      { day: "2026-11-20", total_cost_usd: 1.5, costs: { opus: 1 }, other_cost_usd: 0.5 },
      { day: "2026-11-21", total_cost_usd: 0, costs: {}, other_cost_usd: 0 },
      { day: "2026-11-22", total_cost_usd: 2, costs: { opus: 2 }, other_cost_usd: 0 },
    ]);
  });

  test("keep keys that are names of other things apart", () => {
    const keys = ["other_cost_usd", "__proto__", ""];
    const cells = keys.map((key, index) => ({ day: TODAY, key, costMicros: (index + 1) * USD }));
    const [one] = toOverview({ ...NOTHING, periodDays: 1, cells }).days;
    expect(Object.entries(one?.costs ?? {})).toEqual([
      ["other_cost_usd", 1],
      ["__proto__", 2],
      ["", 3],
    ]);
    expect(one?.other_cost_usd).toBe(0);
  });

  test("cross the ends of months and years", () => {
    const { days } = toOverview({ ...NOTHING, today: "2027-01-01", periodDays: 366 });
    expect(days.length).toBe(366);
    expect([days.at(0)?.day, days.at(-2)?.day, days.at(-1)?.day]).toEqual(["2026-01-01", "2026-12-31", "2027-01-01"]);
  });

  test("one after the other, whatever today is", () => {
    const date = fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.integer({ min: 1, max: 366 }), (at, periodDays) => {
        const today = at.toISOString().slice(0, 10);
        const days = toOverview({ ...NOTHING, today, periodDays }).days.map((one) => one.day);
        expect(days.length).toBe(periodDays);
        expect(days.at(-1)).toBe(today);
        for (const [index, one] of days.slice(1).entries()) expect(dayBefore(one, 1)).toBe(days[index]);
      }),
    );
  });
});
