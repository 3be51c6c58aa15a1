import { describe, expect, test } from "vitest";
import { DEFAULT_RULES } from "@/lib/checks/rules";
import type { CheckState } from "@/lib/checks/state";
import { DEFAULT_CHECK } from "@/lib/checks/store/fields";
import type { LockedCheck } from "@/lib/checks/store/rows";
import { arrived } from "@/lib/testing/checks";
import { FRESH, T0 } from "@/lib/testing/history";
import { editBy } from "./configure";
import type { Config, Settings } from "./signal";

const check: LockedCheck = {
  ...FRESH,
  id: "c",
  projectId: "p",
  name: "",
  slug: "",
  tags: "",
  statusSince: T0,
  hookId: "ph",
  nPings: 0,
  flipSeq: 0,
  wantsLate: false,
  metrics: null,
  filters: DEFAULT_CHECK,
};
const to = (config: Config) => ({ by: "key", key: "k", name: "n", create: false, config }) as const;
const edited = (given: Settings, state: CheckState = check, thinned = false) =>
  editBy(
    arrived("", { target: to({ given, whenNew: {} }), thinned }),
    { check, actor: "ping-key" },
    { state, now: T0, isLeftOut: () => false },
  );
const CRON = { schedule: "0 3 * * *", timeoutSeconds: null };

describe("settings that come with a signal", () => {
  test("are no step where the check has them, where they are wrong, where there are none, and in a flood", () => {
    expect(
      edited({ timeoutSeconds: 3600, schedule: null, graceSeconds: check.graceMs / 1000, maxMisses: 1 }),
    ).toBeNull();
    expect(edited(CRON, FRESH, true)).toBeNull();
    expect(edited({})).toBeNull();
    const about = [
      { check, actor: "" },
      { state: FRESH, now: T0, isLeftOut: () => false },
    ] as const;
    expect(editBy(arrived("", { target: to({ wrong: "no" }) }), ...about)).toBeNull();
    expect(editBy(arrived("c"), ...about)).toBeNull();
    const leftOut = { state: FRESH, now: T0, isLeftOut: () => true };
    expect(editBy(arrived("", { target: to({ given: CRON, whenNew: {} }) }), about[0], leftOut)).toBeNull();
  });

  test("go through the machine, and a zone is kept, named or UTC", () => {
    const inUtc = edited(CRON);
    expect(inUtc?.transition.next.schedule).toEqual({ kind: "calendar", expression: "0 3 * * *", timeZone: "UTC" });
    expect(inUtc).toMatchObject({ actor: "ping-key", timeZone: "UTC" });
    const named = edited({ ...CRON, timeZone: "Asia/Tokyo" })?.transition.next ?? FRESH;
    expect(named.schedule).toMatchObject({ timeZone: "Asia/Tokyo" });
    expect(edited({ ...CRON, schedule: "0 4 * * *" }, named)?.timeZone).toBe("Asia/Tokyo");
    expect(edited({ timeoutSeconds: 60, schedule: null }, named)).toMatchObject({
      timeZone: null,
      transition: { next: { schedule: { kind: "period", timeoutSeconds: 60 } } },
    });
  });

  test("leave alone what they do not name, and a longest run below the shortest", () => {
    const rules = { ...DEFAULT_RULES, maxMisses: 4, minRunMs: 600_000, singleRun: true };
    const next = edited({ graceSeconds: 60, maxRunSeconds: 60 }, { ...FRESH, rules })?.transition.next;
    expect(next).toMatchObject({ graceMs: 60_000, rules, schedule: FRESH.schedule });
    expect(edited({ maxRunSeconds: 601 }, { ...FRESH, rules })?.transition.next.rules.maxRunMs).toBe(601_000);
  });
});
