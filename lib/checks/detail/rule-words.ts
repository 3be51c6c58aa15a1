import type { IgnoredBecause } from "@/lib/checks/classify";
import type { CheckFields } from "@/lib/checks/store/fields";
import { inWords } from "@/lib/core/time";

/** Why a signal was left out, in words. */
export const IGNORED_WORDS: Record<IgnoredBecause, string> = {
  paused: "left out: the check is paused until somebody resumes it",
  method: "left out: only POST counts",
  preview: "left out: a preview of the link, or a page fetched in advance",
  no_keyword: "left out: none of the keywords is in its body",
};

const KEYWORDS = [
  ["failureKeywords", "a failure"],
  ["successKeywords", "a success"],
  ["startKeywords", "a start"],
] as const;

/** `“a” or “b”` of a list separated by commas. */
function listed(keywords: string): string {
  const words = keywords.split(",").map((word) => word.trim());
  return words.flatMap((word) => (word === "" ? [] : [`“${word}”`])).join(" or ");
}

function keywordWords(fields: CheckFields): string[] {
  if (!fields.filterHttpBody) return [];
  const parts = KEYWORDS.flatMap(([name, meaning]) => {
    const words = listed(fields[name]);
    return words === "" ? [] : [`with ${words} it is ${meaning}`];
  });
  const otherwise = fields.filterDefaultFail ? "a failure" : "left out";
  return [`The body decides what a signal means: ${[...parts, `else it is ${otherwise}`].join(", ")}.`];
}

/** How signals are read, in the order in which these rules are looked at; empty when nothing was asked for. */
export function signalRules(fields: CheckFields): string[] {
  return [
    ...(fields.manualResume ? ["While it is paused every signal is left out, until somebody resumes it."] : []),
    ...(fields.methods === "POST" ? ["Only POST counts; other methods are left out."] : []),
    ...(fields.ignorePreviews ? ["Previews of links and pages fetched in advance are left out."] : []),
    ...keywordWords(fields),
    ...(fields.warningExits.trim() === "" || fields.filterHttpBody
      ? []
      : [`Exit status ${fields.warningExits} only warns: it counts as a success.`]),
  ];
}

const seconds = (count: number): string => inWords(count * 1000);

/** What is asked of runs and of several signals, in words. */
export function runRules(fields: CheckFields): string[] {
  const { maxMisses, maxRunSeconds: longest, minRunSeconds: shortest, stuckAfter } = fields;
  return [
    ...(maxMisses > 1 ? [`It is down when ${maxMisses} signals in a row are missing.`] : []),
    ...(longest === null ? [] : [`A run may take ${seconds(longest)}.`]),
    ...(shortest === null ? [] : [`A run must take ${seconds(shortest)} before it succeeds.`]),
    ...(fields.singleRun ? ["Only one run may be under way at a time."] : []),
    ...(stuckAfter === null ? [] : [`It is stuck after ${stuckAfter} signals in a row with the same progress.`]),
  ];
}
