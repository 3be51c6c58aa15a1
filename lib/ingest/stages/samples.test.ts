import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { freshId, stages, type Told } from "@/lib/testing/stages";

// The samples of the reference document `pingpulse-api` as they stand there, but for the host, the id and the key.
const at = stages();

/** Each line that the commands print, which is the JSON of an answer. */
const inShell = async (sample: string, id: string): Promise<Told["body"][]> => {
  const commands = at.filled(sample, id).replaceAll(/^ *curl /gm, "curl -sS -w '\\n' ");
  const { stdout } = await promisify(execFile)("bash", ["-c", commands]);
  return stdout
    .trim()
    .split("\n")
    .map((line): Told["body"] => JSON.parse(line));
};

/** What is stored of the only instance of a workflow. */
async function stored(id: string) {
  const [instance, ...others] = await at.instances(id);
  expect(others).toEqual([]);
  const steps = await at.steps(instance?.id);
  return { status: instance?.status, steps: steps.map(({ path, payload }) => ({ path, payload })) };
}

const statuses = (said: Told["body"][]): unknown[] => said.map((body) => body["workflow_status"]);

const THREE = {
  status: "completed",
  steps: [
    { path: "1", payload: { step: "extract" } },
    { path: "2", payload: { records: 1000 } },
    { path: "3", payload: null },
  ],
};

describe("curl", () => {
  test("SHK: execute stage", async () => {
    const id = await at.flexible();
    expect(await inShell('curl "https://pingpulsehq.com/shk/swf123?stage=1&key=YOUR_KEY"', id)).toEqual([
      {
        status: "success",
        workflow_id: id,
        instance_id: expect.stringMatching(/^s[0-9a-z]{16}$/),
        stage_order: 1,
        workflow_status: "running",
        directive: "continue",
      },
    ]);
  });

  test("DHK: create and start, branch with a label, agent", async () => {
    const id = freshId();
    const said = await inShell(
      `# Create workflow and start
curl "https://pingpulsehq.com/dhk/ml_pipeline?stagePath=1&start=yes&key=YOUR_KEY"
# Execute branch stage with label
curl "https://pingpulsehq.com/dhk/ml_pipeline?stagePath=2.1&stagename=Train%20GPU&key=YOUR_KEY"
# With agent tracking for handoff insights
curl "https://pingpulsehq.com/dhk/ml_pipeline?stagePath=3&key=YOUR_KEY&agent=model-trainer"`,
      id,
    );
    expect(said.map((body) => [body["workflow_id"], body["stage_path"]])).toEqual([
      [id, "1"],
      [id, "2.1"],
      [id, "3"],
    ]);
    const steps = await at.steps(said[0]?.["instance_id"]);
    expect(steps.map((step) => [step.path, step.stage_name, step.agent])).toEqual([
      ["1", null, null],
      ["2.1", "Train GPU", null],
      ["3", null, "model-trainer"],
    ]);
  });

  test("sending cost data", async () => {
    const id = freshId();
    await at.send(`/dhk/${id}?stagePath=1&start=yes`);
    const [said] = await inShell(
      `curl -X POST "https://pingpulsehq.com/dhk/dwf_xxx?stage=2&key=YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model_id": "claude-3-opus",
    "usage": {
      "input_tokens": 1500,
      "output_tokens": 500,
      "total_tokens": 2000
    },
    "cost_usd": 0.045,
    "tool_calls": [
      {"tool_name": "web_search", "latency_ms": 250, "success": true}
    ]
  }'`,
      id,
    );
    expect(said).toMatchObject({ status: "success", stage_path: "2" });
    expect((await at.steps(said?.["instance_id"]))[1]).toMatchObject({
      model_id: "claude-3-opus",
      input_tokens: 1500,
      output_tokens: 500,
      cost_micros: 45_000,
      usage: { input_tokens: 1500, output_tokens: 500, total_tokens: 2000 },
      tool_calls: [{ tool_name: "web_search", latency_ms: 250, success: true }],
      payload: null,
    });
  });

  test("generic HTTP", async () => {
    const id = freshId();
    const said = await inShell(
      `# Start a new workflow instance
curl -X POST "https://app.pingpulse.com/dhk/YOUR_ID?key=API_KEY&stagePath=1&start=yes" \\
  -H "Content-Type: application/json" \\
  -d '{"step": "extract"}'

# Send intermediate stage
curl -X POST "https://app.pingpulse.com/dhk/YOUR_ID?key=API_KEY&stagePath=2" \\
  -H "Content-Type: application/json" \\
  -d '{"records": 1000}'

# Complete the workflow
curl -X POST "https://app.pingpulse.com/dhk/YOUR_ID?key=API_KEY&stagePath=3&final=yes" \\
  -H "Content-Type: application/json" \\
  -d '{"status": "complete"}'`,
      id,
    );
    expect(statuses(said)).toEqual(["running", "running", "completed"]);
    expect(await stored(id)).toEqual(THREE);
    expect((await at.steps(said[0]?.["instance_id"]))[2].status_text).toBe("complete");
  });

  test("GitHub Actions, whose address has two question marks", async () => {
    const id = freshId();
    const said = await inShell(
      `PINGPULSE_URL="https://app.pingpulse.com/dhk/YOUR_ID?key=YOUR_KEY"
          curl -X POST "\${PINGPULSE_URL}?stagePath=1&start=yes" \\
            -H "Content-Type: application/json" \\
            -d '{"stage": "install", "commit": "0123abc"}'
          curl -X POST "\${PINGPULSE_URL}?stagePath=2" \\
            -H "Content-Type: application/json" \\
            -d '{"stage": "test", "status": "passed"}'
          curl -X POST "\${PINGPULSE_URL}?stagePath=3&final=yes" \\
            -H "Content-Type: application/json" \\
            -d '{"stage": "build", "artifact": "dist/"}'`,
      id,
    );
    expect(statuses(said)).toEqual(["running", "running", "completed"]);
    expect(await stored(id)).toEqual({
      status: "completed",
      steps: [
        { path: "1", payload: { stage: "install", commit: "0123abc" } },
        { path: "2", payload: { stage: "test" } },
        { path: "3", payload: { stage: "build", artifact: "dist/" } },
      ],
    });
  });
});

describe("Node.js", () => {
  const pingStage = async (workflowId: string, stage: number) =>
    (
      await fetch(`${at.origin}/shk/${workflowId}?${new URLSearchParams({ stage: `${stage}`, key: at.world.key })}`)
    ).json();

  test("static stages", async () => {
    const id = await at.strict(2);
    expect([await pingStage(id, 1), await pingStage(id, 2)]).toMatchObject([
      { stage_order: 1, workflow_status: "running" },
      { stage_order: 2, workflow_status: "completed" },
    ]);
  });

  test("generic HTTP", async () => {
    const id = freshId();
    const ping = async (stagePath: string, payload: object, { start = false, final = false } = {}) => {
      const params = new URLSearchParams({
        key: at.world.key,
        stagePath,
        ...(start && { start: "yes" }),
        ...(final && { final: "yes" }),
      });
      const response = await fetch(`${at.origin}/dhk/${id}?${params}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(payload),
      });
      return response.json();
    };
    await ping("1", { step: "extract" }, { start: true });
    await ping("2", { records: 1000 });
    await ping("3", { status: "complete" }, { final: true });
    expect(await stored(id)).toEqual(THREE);
  });
});

test("Airflow: what its provider sends", async () => {
  const id = freshId();
  const airflow = {
    dag_id: "etl_pipeline",
    task_id: "transform",
    run_id: "scheduled__2024-01-15T00:00:00+00:00",
    execution_date: "2024-01-15T00:00:00+00:00",
    try_number: 1,
  };
  const body = { status: "success", duration: 12.345, airflow };
  expect((await at.post(`/dhk/${id}?stagePath=1&start=yes`, body)).body).toMatchObject({ workflow_status: "running" });
  expect((await at.post(`/dhk/${id}?stagePath=2&final=yes`, body)).body).toMatchObject({
    workflow_status: "completed",
  });
  const payload = { duration: 12.345, airflow };
  expect((await stored(id)).steps).toEqual(["1", "2"].map((path) => ({ path, payload })));
  const failed = freshId();
  await at.send(`/dhk/${failed}?stagePath=1&start=yes`);
  const told = await at.post(`/dhk/${failed}?stagePath=2`, { ...body, status: "failed" });
  expect(told).toMatchObject({ status: 200, body: { workflow_status: "failed", directive: "stop" } });
});
