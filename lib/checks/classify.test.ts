import { describe, expect, test } from "vitest";
import { classify, type Filters, ignoredBecause, isListed } from "./classify";

const FILTERS: Filters = {
  methods: "",
  manualResume: false,
  filterHttpBody: false,
  filterDefaultFail: false,
  startKeywords: "",
  successKeywords: "",
  failureKeywords: "",
  warningExits: "",
  ignorePreviews: false,
};
const ARRIVED = {
  kind: "success" as const,
  method: "GET",
  body: Buffer.from(""),
  exitStatus: null,
  userAgent: "curl/8",
  isPrefetch: false,
};

test("exit statuses in a list", () => {
  const list = "1, 75-78";
  expect([0, 1, 2, 74, 75, 77, 78, 79].filter((status) => isListed(list, status))).toEqual([1, 75, 77, 78]);
  expect(isListed("", 0)).toBe(false);
});

test("a warning is a success, any other exit status and a bare failure are not", () => {
  const filters = { ...FILTERS, warningExits: "1,75-78" };
  const kind = (exitStatus: number | null) => classify(filters, "up", { ...ARRIVED, kind: "fail", exitStatus });
  expect([kind(1), kind(76), kind(2), kind(null)]).toEqual(["success", "success", "fail", "fail"]);
  expect(classify(FILTERS, "up", { ...ARRIVED, kind: "fail", exitStatus: 1 })).toBe("fail");
});

describe("previews of links", () => {
  const filters = { ...FILTERS, ignorePreviews: true };
  test.each([
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.23.20.0",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (Windows NT 10.0) SkypeUriPreview Preview/0.5",
  ])("%s is left out where asked for", (userAgent) => {
    expect(classify(filters, "up", { ...ARRIVED, userAgent })).toBe("ign");
    expect(classify(FILTERS, "up", { ...ARRIVED, userAgent })).toBe("success");
  });

  test("so is what is fetched in advance, and what people and jobs send is not", () => {
    expect(classify(filters, "up", { ...ARRIVED, isPrefetch: true })).toBe("ign");
    for (const userAgent of [
      "",
      "curl/8",
      "python-requests/2",
      "Wget/1.21",
      "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0",
    ])
      expect(classify(filters, "up", { ...ARRIVED, userAgent })).toBe("success");
  });
});

test("the first rule that leaves a signal out is the reason", () => {
  const all = { ...FILTERS, manualResume: true, methods: "POST", ignorePreviews: true, filterHttpBody: true };
  const preview = { ...ARRIVED, isPrefetch: true };
  expect(ignoredBecause(all, "paused", preview)).toBe("paused");
  expect(ignoredBecause(all, "up", preview)).toBe("method");
  expect(ignoredBecause(all, "up", { ...preview, method: "POST" })).toBe("preview");
  expect(ignoredBecause(all, "up", { ...ARRIVED, method: "POST" })).toBe("no_keyword");
  for (const filters of [FILTERS, { ...FILTERS, filterHttpBody: true, filterDefaultFail: true }])
    expect(ignoredBecause(filters, "paused", preview)).toBeNull();
});
