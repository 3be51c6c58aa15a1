import { expect, test } from "vitest";
import { HAS_PYTHON, python } from "@/lib/testing/python";
import { freshId, stages, type Told } from "@/lib/testing/stages";

// The Python samples of the reference document `pingpulse-api`: their functions as they stand there, called as they are there.
const at = stages();
/** What a sample prints, line by line. */
const run = async (sample: string, id: string): Promise<Told["body"][]> => {
  return (await python(`import json\n${at.filled(sample, id)}`))
    .trim()
    .split("\n")
    .map((line): Told["body"] => JSON.parse(line));
};

// Where there is no Python, curl and Node say the same bytes.
const PYTHON: [name: string, sample: string, paths: string[], status: string][] = [
  [
    "stages of either kind",
    `import requests

PINGPULSE_KEY = "YOUR_KEY"
BASE_URL = "https://pingpulsehq.com"

def ping_dynamic(workflow_id, stage_path, start=False, **kwargs):
    """Ping a dynamic workflow stage."""
    url = f"{BASE_URL}/dhk/{workflow_id}"
    params = {"stagePath": stage_path, "key": PINGPULSE_KEY}
    if start:
        params["start"] = "yes"
    if kwargs.get("stagename"):
        params["stagename"] = kwargs["stagename"]
    return requests.get(url, params=params).json()

print(json.dumps(ping_dynamic("ml_pipeline", "1", start=True)))
print(json.dumps(ping_dynamic("ml_pipeline", "2.1", stagename="Training")))`,
    ["1", "2.1"],
    "running",
  ],
  [
    "generic HTTP",
    `import requests

PINGPULSE_URL = "https://app.pingpulse.com/dhk/YOUR_WORKFLOW_ID"
API_KEY = "your_api_key"

def ping_stage(stage_path, payload=None, start=False, final=False):
    params = {"key": API_KEY, "stagePath": stage_path}
    if start:
        params["start"] = "yes"
    if final:
        params["final"] = "yes"

    response = requests.post(PINGPULSE_URL, params=params, json=payload or {})
    return response.json()

print(json.dumps(ping_stage("1", {"step": "extract"}, start=True)))
print(json.dumps(ping_stage("2", {"records": 1000})))
print(json.dumps(ping_stage("3", {"status": "complete"}, final=True)))`,
    ["1", "2", "3"],
    "completed",
  ],
];

test.each(HAS_PYTHON ? PYTHON : [])("Python: %s", async (_, sample, paths, status) => {
  const id = freshId();
  const said = await run(sample, id);
  expect(said.map((body) => body["stage_path"])).toEqual(paths);
  expect(said.at(-1)).toMatchObject({ status: "success", workflow_id: id, workflow_status: status });
  const steps = await at.steps(said[0]?.["instance_id"]);
  expect(steps.map(({ path }) => path)).toEqual(paths);
});
