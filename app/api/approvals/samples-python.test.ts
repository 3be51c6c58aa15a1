import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lanes } from "@/app/lanes";
import { expireApprovals } from "@/lib/approvals/expire";
import { takeLane } from "@/lib/boot/lanes";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { HAS_PYTHON, python } from "@/lib/testing/python";
import { makeWorld, type World } from "@/lib/testing/world";
import * as decision from "./[id]/decision/route";

// The Python sample of the reference document `pingpulse-api` (HITL) as it stands there, but for host, key and patience.
const sample = ({
  url,
  key,
  timeout,
  action,
}: {
  url: string;
  key: string;
  timeout: number;
  action: string;
}): string => `
import requests
import time

PINGPULSE_KEY = "${key}"
BASE_URL = "${url}"

def request_approval(context, timeout=300, default="deny"):
    """Request human approval. Returns True if approved, False if denied."""

    # Step 1: Create approval request
    resp = requests.post(
        f"{BASE_URL}/api/approvals",
        params={"key": PINGPULSE_KEY},
        json={
            "context": context,
            "timeout_seconds": timeout,
            "timeout_action": default
        }
    )
    approval = resp.json()
    approval_id = approval["approval_id"]
    print(f"Approval requested: {approval_id}")

    # Step 2: Poll until decided
    while True:
        resp = requests.get(
            f"{BASE_URL}/api/approvals/{approval_id}",
            params={"key": PINGPULSE_KEY}
        )
        status = resp.json()

        if status["result"] is not None:
            return status["result"] == 1

        print(f"Waiting... {status['seconds_remaining']}s remaining")
        time.sleep(0.05)

# Usage
if request_approval("Publish article: Q4 Earnings Report", ${timeout}, "${action}"):
    print("published")
else:
    print("saved as draft")
`;

const server = createServer((req, res) => {
  if (!takeLane(lanes, req, res)) res.writeHead(418).end();
});
let world: World;
let url = "";
beforeAll(async () => {
  world = await makeWorld();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has no other kind
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The approval that the sample has asked for, once it has. */
async function asked(): Promise<string> {
  const find = async () =>
    (
      await pool().query<{ id: string }>("SELECT id FROM approvals WHERE project_id = $1 AND status = 'pending'", [
        world.project.id,
      ])
    ).rows[0]?.id;
  await expect.poll(find, { timeout: 20_000 }).toBeDefined();
  return (await find()) ?? "";
}

test.each(
  HAS_PYTHON
    ? [
        ["approve", "published"],
        ["deny", "saved as draft"],
      ]
    : [],
)("who says %s has it %s", { timeout: 40_000 }, async (verdict, end) => {
  const running = python(sample({ url, key: world.key, timeout: 300, action: "deny" }));
  const id = await asked();
  await call(decision.POST, { method: "POST", key: world.key, params: { id }, body: { decision: verdict } });
  const printed = (await running).trim().split("\n");
  expect(printed[0]).toBe(`Approval requested: ${id}`);
  expect(printed.at(-1)).toBe(end);
});

test.each(
  HAS_PYTHON
    ? [
        ["approve", "published"],
        ["deny", "saved as draft"],
      ]
    : [],
)("when nobody says anything, %s has it %s", { timeout: 40_000 }, async (action, end) => {
  const running = python(sample({ url, key: world.key, timeout: 1, action }));
  await asked();
  await expect.poll(() => expireApprovals(), { timeout: 20_000 }).toBeGreaterThan(0);
  const printed = (await running).trim().split("\n");
  expect(printed[1]).toMatch(/^Waiting\.\.\. [01]s remaining$/);
  expect(printed.at(-1)).toBe(end);
});
