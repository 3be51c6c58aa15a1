import { expect, test } from "vitest";
import { type TrackStep, toColumns } from "./columns";
import { LiveInstance } from "./live-instance";
import type { InstanceNow } from "./schema";

const NOW: InstanceNow = {
  id: "d1",
  status: "running",
  total_steps: 3,
  started_at: "2026-01-05T12:00:00.000Z",
  completed_at: null,
  failure_reason: null,
  due_at: null,
};
const step = (path: string): TrackStep => ({ path, name: null, agent: null, at: 0, isFailed: false, isFinal: false });

function made() {
  const instance = new LiveInstance(NOW, toColumns(0, [step("1")]));
  const heard = { times: 0 };
  instance.subscribe(() => {
    heard.times += 1;
  });
  return { instance, heard };
}

test("steps are appended once, and each change is told once", () => {
  const { instance, heard } = made();
  expect(instance.lacksSteps).toBe(true);
  expect(instance.append(0, [step("1"), step("2")])).toBe(true);
  expect(instance.append(1, [step("2")])).toBe(true);
  expect(heard.times).toBe(1);
  expect(instance.append(5, [step("6")])).toBe(false);
  expect(instance.append(2, [step("3")])).toBe(true);
  expect(instance.seen().track.rows.map(({ path }) => path)).toEqual(["1", "2", "3"]);
  expect([instance.lacksSteps, heard.times]).toEqual([false, 2]);
});

test("what is older than what is known changes nothing", () => {
  const { instance, heard } = made();
  instance.update({ ...NOW });
  instance.update({ ...NOW, total_steps: 2 });
  expect(heard.times).toBe(0);
  const failed: InstanceNow = { ...NOW, total_steps: 4, status: "failed", failure_reason: "Stage 5 timeout" };
  instance.update(failed);
  instance.update({ ...NOW, total_steps: 4 });
  expect(instance.seen().now).toEqual(failed);
  instance.update({ ...NOW, total_steps: 4, status: "completed" });
  expect([instance.seen().now.status, heard.times]).toEqual(["completed", 2]);
});

test("who looks sees another object after a change, and the same one without", () => {
  const { instance } = made();
  const before = instance.seen();
  instance.setLink("none");
  expect(instance.seen()).toBe(before);
  instance.setLink("live");
  expect(instance.seen()).not.toBe(before);
  expect(instance.seen().link).toBe("live");
});
