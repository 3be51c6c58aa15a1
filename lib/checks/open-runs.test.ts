import { describe, expect, test } from "vitest";
import { DAY, MINUTE } from "@/lib/core/time";
import { end, ping, type Step, T0 } from "@/lib/testing/history";
import { transition } from "./state";

describe("which run a finish belongs to", () => {
  const cases: [string, Step[], { open: (string | null)[]; durationMs: number | null }][] = [
    [
      "no id to no id",
      [
        [0, ping("start")],
        [3, ping("success")],
      ],
      { open: [], durationMs: 3 * MINUTE },
    ],
    [
      "same id",
      [
        [0, ping("start", "a")],
        [3, ping("success", "a")],
      ],
      { open: [], durationMs: 3 * MINUTE },
    ],
    [
      "success with another id leaves it running",
      [
        [0, ping("start", "a")],
        [3, ping("success", "b")],
      ],
      { open: ["a"], durationMs: null },
    ],
    [
      "success without id speaks for the job",
      [
        [0, ping("start", "a")],
        [3, ping("success")],
      ],
      { open: [], durationMs: null },
    ],
    [
      "failure with another id speaks for the job",
      [
        [0, ping("start", "a")],
        [3, ping("fail", "b")],
      ],
      { open: [], durationMs: null },
    ],
    [
      "failure with its id leaves the others",
      [
        [0, ping("start", "a")],
        [1, ping("start", "b")],
        [3, ping("fail", "a")],
      ],
      { open: ["b"], durationMs: 3 * MINUTE },
    ],
    [
      "a failure that comes again leaves the others",
      [
        [0, ping("start", "a")],
        [1, ping("start", "b")],
        [3, ping("fail", "a")],
        [4, ping("fail", "a")],
      ],
      { open: ["b"], durationMs: null },
    ],
    [
      "failure with an id nobody knows leaves runs that are told apart",
      [
        [0, ping("start", "a")],
        [1, ping("start", "b")],
        [3, ping("fail", "c")],
      ],
      { open: ["a", "b"], durationMs: null },
    ],
    [
      "no id matches only the run without",
      [
        [0, ping("start", "a")],
        [1, ping("start")],
        [3, ping("success")],
      ],
      { open: ["a"], durationMs: 2 * MINUTE },
    ],
    [
      "a second start replaces the first",
      [
        [0, ping("start", "a")],
        [2, ping("start", "a")],
        [3, ping("success", "a")],
      ],
      { open: [], durationMs: MINUTE },
    ],
    ["a finish without a start", [[3, ping("success", "a")]], { open: [], durationMs: null }],
  ];
  test.each(cases)("%s", (_name, steps, expected) => {
    const { next, durationMs } = end(steps);
    expect({ open: next.openRuns.map((run) => run.rid), durationMs }).toEqual(expected);
    expect(next.lastDurationMs).toBe(expected.durationMs);
  });

  test("clients that never finish are bounded: the oldest runs are given up", () => {
    const steps = Array.from({ length: 250 }, (_, index): Step => [index, ping("start", `r${index}`)]);
    const { next } = end(steps);
    expect(next.openRuns).toHaveLength(200);
    expect(next.openRuns[0]?.rid).toBe("r50");
  });

  test("a run that timed out three days ago is given up at the next start", () => {
    const { next } = end([
      [0, ping("start", "a")],
      [10, { type: "tick" }],
    ]);
    expect(next.openRuns).toHaveLength(1);
    const { endedRuns } = transition(next, ping("start", "b"), T0 + 3 * DAY + MINUTE);
    expect(endedRuns).toMatchObject([{ status: "abandoned" }]);
  });
});
