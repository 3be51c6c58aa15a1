import { expect, test } from "vitest";
import { GET as tree } from "@/app/dhk/[workflow]/tree/route";
import { call } from "@/lib/testing/http";
import { freshId, stages } from "@/lib/testing/stages";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { GET as instances } from "./[id]/instances/route";

// What the reference document `pingpulse-api` shows of reading, after signals that came through the front door.
const at = stages();

test("the tree: what came in the newest instance, and what an earlier one had besides", async () => {
  const id = freshId();
  const stage = (path: string, more = "") => `/dhk/${id}?stagePath=${path}${more}`;
  const [ingest, trainA] = [stage("1", "&start=yes&stagename=Ingest"), stage("2.1", "&stagename=Train%20GPU%20A")];
  await at.each([ingest, trainA, stage("2.2", "&stagename=Train%20GPU%20B"), stage("3", "&final=yes")]);
  await at.each([ingest, trainA]);
  const shown = await call(tree, { key: at.world.key, params: { workflow: id } });
  expect(shown).toMatchObject({ status: 200 });
  expect(shown.body).toEqual({
    "1": { status: "healthy", stage_name: "Ingest" },
    "2.1": { status: "healthy", stage_name: "Train GPU A" },
    "2.2": { status: "pending", stage_name: "Train GPU B" },
    "3": { status: "pending" },
  });
});

test("the history, as the Python sample reads it: what runs, and where others failed", async () => {
  const id = await makeWorkflow(at.world.project.id, { rules: staticRules(3, { mode: "strict" }) });
  const stage = (number: number, more = "") => `/shk/${id}?stage=${number}&agent=worker${more}`;
  await at.each([stage(1), stage(2), stage(3), stage(1), stage(2, "&status=failed"), stage(1)]);
  const { body } = await call(instances, { key: at.world.key, params: { id } });
  const healthy = (number: number) => ({ status: "healthy", stage_name: `Stage ${number}`, agent_code: "worker" });
  const pending = (number: number) => ({ status: "pending", stage_name: `Stage ${number}` });
  expect(body).toMatchObject({
    running_instance: { status: "running", agent_code: "worker", stage_statuses: { "1": healthy(1), "2": pending(2) } },
    recent_instances: [
      {
        status: "failed",
        failure_reason: "Stage 2 failed",
        stage_statuses: { "1": healthy(1), "2": { status: "failed" }, "3": pending(3) },
      },
      { status: "completed", stage_statuses: { "1": healthy(1), "2": healthy(2), "3": healthy(3) } },
    ],
  });
});
