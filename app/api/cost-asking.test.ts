import { expect, test } from "vitest";
import { expireApprovals } from "@/lib/approvals/expire";
import { findLinked } from "@/lib/approvals/mailed/queries";
import { getInstanceCosts } from "@/lib/costs/tab/instance-costs";
import { pool } from "@/lib/db/pool";
import { makeLink } from "@/lib/testing/approval-links";
import { runOut } from "@/lib/testing/approvals";
import { call } from "@/lib/testing/http";
import { askedOf, openLimit, standingOf } from "@/lib/testing/limits";
import { makePerson } from "@/lib/testing/people";
import { freshId, stages } from "@/lib/testing/stages";
import { instanceOf, postSpans, TestTrace } from "@/lib/testing/traces";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { POST as cancel } from "./approvals/[id]/cancel/route";
import { POST as decide } from "./approvals/[id]/decision/route";
import { GET as trail } from "./approvals/[id]/events/route";
import { POST as askFor } from "./approvals/route";
import { POST as resume } from "./instances/[id]/resume/route";
import { POST as terminate } from "./instances/[id]/terminate/route";
import { PUT as setBudget } from "./workflows/[id]/budget/route";
import { GET as costAlerts } from "./workflows/[id]/cost-alerts/route";
import { DELETE as removeWorkflow } from "./workflows/[id]/route";

const at = stages();
const ASKING = { budget_enabled: true, budget_limit_usd: 2, budget_action: "ask" };

const post = (handler: typeof decide, id: string, body?: unknown, headers?: Record<string, string>) =>
  call(handler, { method: "POST", params: { id }, body, ...(headers ? { headers } : { key: at.world.key }) });
const approve = (id: string) => post(decide, id, { decision: "approve" });
const deny = (id: string) => post(decide, id, { decision: "deny" });
const change = (workflow: string, body: object) =>
  call(setBudget, { method: "PUT", key: at.world.key, params: { id: workflow }, body });
const spend = (workflow: string, path: string, cost: number, more = "") =>
  at.post(`/dhk/${workflow}?stagePath=${path}${more}`, { cost_usd: cost });

async function begun(budget: object): Promise<{ workflow: string; id: string }> {
  const workflow = freshId();
  const first = await spend(workflow, "1", 0, "&start=yes");
  expect((await change(workflow, budget)).status).toBe(200);
  return { workflow, id: String(first.body["instance_id"]) };
}

/** A workflow whose instance waits for a higher limit: $2.01 of $2. */
async function waiting(): Promise<{ workflow: string; id: string; approval: string }> {
  const { workflow, id } = await begun(ASKING);
  await spend(workflow, "2", 2.01);
  return { workflow, id, approval: await openLimit(id) };
}

test("a budget that asks is taken and answered; what there is not is refused with all there is", async () => {
  const { workflow } = await begun(ASKING);
  const answer = await change(workflow, { budget_action: "ask" });
  expect(answer).toMatchObject({ status: 200, body: { budget_action: "ask", budget_limit_usd: 2 } });
  const refused = await change(workflow, { budget_action: "explode" });
  expect(refused).toMatchObject({ status: 400, body: { invalid_params: [{ name: "budget_action" }] } });
  expect(refused.text).toContain("must be one of alert, pause, ask, terminate");
});

test("the step that crosses the limit is kept, pauses the instance, and people are asked", async () => {
  const person = await makePerson({ memberships: { [at.world.project.id]: "member" } });
  const { workflow, id } = await begun(ASKING);
  const crossing = await spend(workflow, "2", 2.01, "&enforce=1");
  expect(crossing).toMatchObject({ status: 402, body: { workflow_status: "paused", directive: "stop" } });
  expect(await spend(workflow, "3", 1)).toMatchObject({ status: 409, body: { code: "instance_paused" } });
  const asked = await askedOf(id);
  expect(asked).toMatchObject([
    {
      status: "pending",
      context: `Instance #1 of "${workflow}" has cost $2.01; its limit is $2.00.\nApprove to let instance #1 go on until it has cost $4.01; deny to end it.`,
      risk: "high",
      action: "raise_limit",
      args: { instance_id: id, limit: "budget_exceeded", spent_usd: 2.01, limit_usd: 2, raise_to_usd: 4.01 },
      limit_type: "budget_exceeded",
      requester_name: `Budget of ${workflow}`,
      timeout_action: "deny",
      timeout_seconds: 86_400,
    },
  ]);
  const [{ id: approval = "" } = {}] = asked;
  const told = await pool().query(
    "SELECT recipient FROM deliveries WHERE subject_id = $1 AND direct_kind = 'approver'",
    [approval],
  );
  expect(told.rows.map(({ recipient }) => recipient)).toContain(person.email);
  // Of high risk nobody decides by a link alone.
  const place = { projectId: at.world.project.id, approvalId: approval, userId: person.id };
  expect((await findLinked(await makeLink(place, "approve")))?.standing).toBe("sign_in");
  const { body } = await call(costAlerts, { key: at.world.key, params: { id: workflow } });
  expect(body).toMatchObject({ alerts: [{ alert_type: "budget_exceeded", action_taken: "ask" }] });
  const events = await call(trail, { key: at.world.key, params: { id: approval } });
  expect(events.text).toContain(`"actor":"Budget of ${workflow}"`);
});

test("approved, it goes on until it costs more than that, and then asks again", async () => {
  const { workflow, id, approval } = await waiting();
  expect(await approve(approval)).toMatchObject({ status: 200, body: { status: "approved", result: 1 } });
  expect(await standingOf(id)).toEqual(["running", null]);
  expect(await spend(workflow, "3", 2)).toMatchObject({ status: 200, body: { directive: "continue" } });
  expect(await spend(workflow, "4", 0.01)).toMatchObject({ body: { workflow_status: "paused", directive: "stop" } });
  const again = await askedOf(id);
  expect(again.map(({ status }) => status)).toEqual(["approved", "pending"]);
  expect(again[1]?.args).toMatchObject({ spent_usd: 4.02, limit_usd: 4.01, raise_to_usd: 6.02 });
  const { body } = await call(costAlerts, { key: at.world.key, params: { id: workflow } });
  expect(body).toMatchObject({ alerts: [{ threshold_usd: 4.01 }, { threshold_usd: 2 }] });
  const paused = "Paused: cost $4.02 exceeds the limit $4.01; an approval asks to raise it";
  expect(await getInstanceCosts(at.world.project.caller, id)).toMatchObject({ limitUsd: 4.01, paused });
  // A limit that was set anew is the one that holds.
  await change(workflow, { budget_limit_usd: 3 });
  expect(await getInstanceCosts(at.world.project.caller, id)).toMatchObject({ limitUsd: 3 });
});

test("a person decides it on its page", async () => {
  const person = await makePerson({ memberships: { [at.world.project.id]: "member" } });
  const { id, approval } = await waiting();
  const answer = await post(decide, approval, { decision: "approve" }, person.headers(at.world.project.id));
  expect(answer).toMatchObject({ status: 200, body: { decided_by: person.email } });
  expect(await standingOf(id)).toEqual(["running", null]);
});

test("denied, it ends, and what was told of stages that it refused is over", async () => {
  const workflow = await makeWorkflow(at.world.project.id, { rules: staticRules(3, { mode: "strict" }) });
  await change(workflow, ASKING);
  const first = await at.send(`/shk/${workflow}?stage=1`);
  expect((await at.send(`/shk/${workflow}?stage=3`)).status).toBe(400);
  await at.post(`/shk/${workflow}?stage=2`, { cost_usd: 3 });
  const id = String(first.body["instance_id"]);
  expect(await deny(await openLimit(id))).toMatchObject({ status: 200, body: { status: "denied" } });
  expect(await standingOf(id)).toEqual(["terminated", "Raising its limit was denied"]);
  const refusals = (await at.alerts(workflow)).filter(({ type }) => type.startsWith("workflow.stage"));
  expect(refusals).toMatchObject([{ resolved_at: expect.any(Date) }]);
});

test("without an answer it ends", async () => {
  const { id, approval } = await waiting();
  await runOut(approval);
  await expireApprovals();
  expect(await standingOf(id)).toEqual(["terminated", "Raising its limit was denied: nobody answered in time"]);
  expect(await askedOf(id)).toMatchObject([{ status: "denied", decider_name: "timeout" }]);
});

test("a vote after the deadline finds it denied, and the instance over", async () => {
  const { id, approval } = await waiting();
  await runOut(approval);
  expect(await approve(approval)).toMatchObject({ status: 409, body: { code: "already_decided" } });
  expect((await standingOf(id))[0]).toBe("terminated");
});

test.each([
  ["resumed", resume, "running"],
  ["terminated", terminate, "terminated"],
])("%s by hand, nobody is asked any more", async (_what, handler, status) => {
  const { id, approval } = await waiting();
  expect((await post(handler, id, handler === terminate ? {} : undefined)).status).toBe(200);
  expect((await standingOf(id))[0]).toBe(status);
  expect(await askedOf(id)).toMatchObject([{ status: "cancelled", decider_name: "key:test" }]);
  expect(await deny(approval)).toMatchObject({ status: 409, body: { code: "already_decided" } });
  expect((await standingOf(id))[0]).toBe(status);
});

test("time decides before somebody lets it go on by hand", async () => {
  const { id, approval } = await waiting();
  await runOut(approval);
  expect(await post(resume, id)).toMatchObject({ status: 409, body: { code: "not_paused" } });
  expect((await standingOf(id))[0]).toBe("terminated");
  expect(await askedOf(id)).toMatchObject([{ status: "denied", decider_name: "timeout" }]);
});

test("a workflow that is deleted asks for nothing more", async () => {
  const { workflow, id } = await waiting();
  const gone = await call(removeWorkflow, { method: "DELETE", key: at.world.key, params: { id: workflow } });
  expect(gone.status).toBe(204);
  expect(await askedOf(id)).toMatchObject([{ status: "cancelled", decider_name: "key:test" }]);
});

test("taken back, the instance waits for somebody to let it go on", async () => {
  const { id, approval } = await waiting();
  expect((await post(cancel, approval)).status).toBe(200);
  expect((await standingOf(id))[0]).toBe("paused");
  expect((await post(resume, id)).status).toBe(200);
});

test("a budget that is changed while it waits counts from the next step on", async () => {
  const { workflow, id, approval } = await waiting();
  await change(workflow, { budget_limit_usd: 2.5 });
  expect((await approve(approval)).status).toBe(200);
  expect(await spend(workflow, "3", 0.49)).toMatchObject({ body: { workflow_status: "running" } });
  expect(await spend(workflow, "4", 0.01)).toMatchObject({ body: { workflow_status: "paused" } });
  expect((await askedOf(id))[1]?.args).toMatchObject({ spent_usd: 2.51, limit_usd: 2.5, raise_to_usd: 5.01 });
});

test("the limit of a day asks for each instance that it stops; both limits ask once", async () => {
  const { workflow, id } = await begun({ ...ASKING, budget_limit_usd: null, budget_daily_limit_usd: 1 });
  const other = String((await spend(workflow, "1", 0, "&start=yes")).body["instance_id"]);
  await spend(workflow, "2", 1.5, `&instance_id=${id}`);
  await spend(workflow, "2", 0, `&instance_id=${other}`);
  expect(await askedOf(id)).toMatchObject([{ limit_type: "daily_limit_exceeded", args: { raise_to_usd: 2.5 } }]);
  expect((await approve(await openLimit(other))).status).toBe(200);
  expect([(await standingOf(id))[0], (await standingOf(other))[0]]).toEqual(["paused", "running"]);
  expect((await spend(workflow, "3", 1, `&instance_id=${other}`)).body).toMatchObject({ workflow_status: "running" });

  const both = await begun({ ...ASKING, budget_daily_limit_usd: 2 });
  await spend(both.workflow, "2", 3);
  expect(await askedOf(both.id)).toMatchObject([{ limit_type: "budget_exceeded", args: { also: [{ limit_usd: 2 }] } }]);
  await approve(await openLimit(both.id));
  expect((await spend(both.workflow, "3", 1)).body).toMatchObject({ workflow_status: "running" });
});

test("a step that ends the instance by itself asks nobody", async () => {
  const { workflow, id } = await begun(ASKING);
  expect((await spend(workflow, "2", 3, "&final=yes")).body).toMatchObject({ workflow_status: "completed" });
  expect(await askedOf(id)).toEqual([]);
});

test("spans that cross a limit ask too; a trace that ends asks no more", async () => {
  const service = freshId();
  const trace = new TestTrace();
  const usage = { "gen_ai.usage.input_tokens": 1_000_000, "gen_ai.usage.output_tokens": 0 };
  await postSpans(at.world.key, { service, spans: [trace.chat()] });
  const { id } = await instanceOf(at.world, trace.traceId);
  await change(service, ASKING);
  await postSpans(at.world.key, { service, spans: [trace.chat({ attributes: usage })] });
  expect(await askedOf(id)).toMatchObject([{ status: "pending", args: { spent_usd: 2.5, raise_to_usd: 4.5 } }]);
  await postSpans(at.world.key, { service, spans: [trace.root()] });
  expect(await standingOf(id)).toEqual(["completed", null]);
  expect(await askedOf(id)).toMatchObject([{ status: "cancelled", decider_name: "the end of the instance" }]);
});

test("who asks for the same by the API raises no limit", async () => {
  const { id } = await waiting();
  const args = { instance_id: id, limit: "budget_exceeded", raise_to_usd: 100 };
  const body = { context: "More", action: "raise_limit", args, instance_id: id, limit_type: "budget_exceeded" };
  const made = await call(askFor, { method: "POST", key: at.world.key, body });
  expect(made.status).toBe(201);
  const { approval_id: own } = made.body as { approval_id: string }; // as 201 promises
  expect((await approve(own)).status).toBe(200);
  expect((await standingOf(id))[0]).toBe("paused");
  expect(await askedOf(id)).toHaveLength(1);
});
