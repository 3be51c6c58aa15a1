import { afterEach, beforeEach, expect, test } from "vitest";
import { settle } from "@/lib/env";
import { codes, freshId, stages } from "@/lib/testing/stages";
import { takeStage } from "../door";
import { readStage } from "./read-stage";

const at = stages();

beforeEach(() => settle({ RATE_LIMITS: "on" }));
afterEach(() => settle({ RATE_LIMITS: "off" }));

test("past 600 a minute repeats leave no step, past 6,000 stages are refused with 429, and other instances do not notice", async () => {
  const id = freshId();
  const { body } = await at.send(`/dhk/${id}?stagePath=1&start=yes`);
  const query = new URLSearchParams({ stagePath: "1", key: at.world.key, instance_id: String(body["instance_id"]) });
  const signal = readStage({ kind: "dynamic", workflowId: id }, query, { headers: {}, body: null, isWhole: true });
  const send = (count: number) => Promise.all(Array.from({ length: count }, () => takeStage(signal)));
  await send(700);
  expect(await at.instances(id)).toMatchObject([{ n_steps: 601 }]);
  expect((await send(5400)).filter((taken) => "is" in taken && taken.is === "limited")).toHaveLength(100);

  const path = `/dhk/${id}?stagePath=1&instance_id=${String(body["instance_id"])}`;
  const answer = await fetch(`${at.origin}${path}&key=${at.world.key}`);
  expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^\d+$/)]);
  expect(await answer.json()).toMatchObject({ code: "rate_limited" });
  expect(codes([await at.send(`/dhk/${id}?stagePath=1&start=yes`)])).toEqual([200]);
});
