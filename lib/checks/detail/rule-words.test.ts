import { describe, expect, test } from "vitest";
import { type CheckFields, DEFAULT_CHECK } from "@/lib/checks/store/fields";
import { runRules, signalRules } from "./rule-words";

const of = (fields: Partial<CheckFields>): CheckFields => ({ ...DEFAULT_CHECK, ...fields });

test("a check that asks nothing has no rules", () => {
  expect([signalRules(DEFAULT_CHECK), runRules(DEFAULT_CHECK)]).toEqual([[], []]);
});

describe("what signals mean", () => {
  const keywords = {
    filterHttpBody: true,
    successKeywords: "done, all good",
    failureKeywords: ",panic,",
    startKeywords: " ",
  };
  test.each<[Partial<CheckFields>, string]>([
    [{ manualResume: true }, "While it is paused every signal is left out, until somebody resumes it."],
    [{ methods: "POST" }, "Only POST counts; other methods are left out."],
    [{ ignorePreviews: true }, "Previews of links and pages fetched in advance are left out."],
    [{ warningExits: "1,75-78" }, "Exit status 1,75-78 only warns: it counts as a success."],
    [
      keywords,
      "The body decides what a signal means: with “panic” it is a failure, with “done” or “all good” it is a success, else it is left out.",
    ],
    [
      { ...keywords, filterDefaultFail: true, failureKeywords: "", successKeywords: "", startKeywords: "begin" },
      "The body decides what a signal means: with “begin” it is a start, else it is a failure.",
    ],
  ])("%j", (fields, words) => expect(signalRules(of(fields))).toEqual([words]));

  test("are told in the order in which they are looked at, without those that have no effect", () => {
    const all = { manualResume: true, methods: "POST", ignorePreviews: true, warningExits: "1", ...keywords };
    const found = signalRules(of(all)).map((words) => words.split(" ").slice(0, 2).join(" "));
    expect(found).toEqual(["While it", "Only POST", "Previews of", "The body"]);
    expect(signalRules(of({ ...keywords, filterHttpBody: false }))).toEqual([]);
  });
});

test("what is asked of runs", () => {
  const asked = { maxMisses: 3, maxRunSeconds: 5400, minRunSeconds: 7, singleRun: true, stuckAfter: 4 };
  expect(runRules(of(asked))).toEqual([
    "It is down when 3 signals in a row are missing.",
    "A run may take 1 hour 30 minutes.",
    "A run must take 7 seconds before it succeeds.",
    "Only one run may be under way at a time.",
    "It is stuck after 4 signals in a row with the same progress.",
  ]);
});
