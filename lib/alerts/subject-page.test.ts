import { expect, test } from "vitest";
import { subjectPage } from "./subject-page";

test.each([
  ["check", "c1", {}, "checks/c1"],
  ["check", "c1", { instance_id: "s1" }, "checks/c1"],
  ["channel", "x1", null, "channels/x1"],
  ["approval", "apr_1", { instance_id: "s1" }, "approvals/apr_1"],
  ["workflow", "train", { instance_id: "d1" }, "instances/d1"],
  ["workflow", "train", { instance_id: null }, "workflows/train"],
  ["workflow", "train", {}, "workflows/train"],
  ["workflow", "train", null, "workflows/train"],
  ["workflow", "train", { instance_id: 5 }, "workflows/train"],
  ["workflow", "../x?", {}, "workflows/..%2Fx%3F"],
  ["workflow", "train", { instance_id: "../x?" }, "workflows/train"],
  ["project", "p1", {}, null],
])("an alert about the %s %s with %j is looked at on %s", (type, id, data, page) => {
  expect(subjectPage({ subject: { type, id }, data })).toBe(page);
});
