import { expect } from "@playwright/test";
import type { Server } from "./server";

type Json = Record<string, unknown>;

const STRICT = {
  kind: "static",
  name: "Nightly warehouse load",
  validation_mode: "strict",
  instance_timeout_seconds: 7200,
  stages: [
    { name: "Extract" },
    { name: "Transform", timeout_seconds: 1800 },
    { name: "Train", timeout_seconds: 3600 },
    { name: "Evaluate the candidate against the model of last week" },
    { name: "Publish", timeout_seconds: 600 },
  ],
};
const FLEXIBLE = {
  kind: "static",
  name: "Invoices of every branch north of the river, with their attachments and reminders",
  validation_mode: "flexible",
  grace_period_seconds: 900,
  stages: ["Collect", "Price", "Send"].map((name) => ({ name })),
};
const AGENTS = ["planner", "researcher", "writer", "editor", "publisher"];

async function make({ url, apiKey }: Server, body: Json): Promise<string> {
  const headers = { "X-Api-Key": apiKey, "Content-Type": "application/json" };
  const answer = await fetch(`${url}/api/workflows`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(201);
  return (await answer.json()).id;
}

/** Fills the first project of a server with workflows: one that fails and was refused stages, one under way, one learned. */
export async function fillWorkflows(server: Server) {
  const signal = (path: string, search: Record<string, string>) =>
    fetch(`${server.url}${path}?${new URLSearchParams({ ...search, key: server.apiKey })}`);
  const [strict, flexible] = [await make(server, STRICT), await make(server, FLEXIBLE)];
  const stage = (number: number, more: Record<string, string> = {}) => {
    const reason = number % 2 === 0 ? "draft ready for review" : "facts are missing";
    const agent = AGENTS[number - 1] ?? "planner";
    return signal(`/shk/${strict}`, { stage: String(number), agent, handoff_reason: reason, ...more });
  };
  for (const status of ["ok", "failed", "ok"])
    for (const number of [1, 2, 3, 4, 5]) await stage(number, number === 5 ? { status } : {});
  for (const number of [1, 4, 2]) await stage(number);
  await stage(3, { agent: "editor", status: "failed" });
  for (const number of [2, 1, 3, 3, 1]) await signal(`/shk/${flexible}`, { stage: String(number) });
  const learned = "research_agents";
  const STEPS = [
    { stagePath: "1", start: "yes", stagename: "Plan", agent: "orchestrator" },
    { stagePath: "2.1", stagename: "Search", agent: "searcher" },
    { stagePath: "2.2", stagename: "Read", agent: "reader" },
    { stagePath: "3", stagename: "Answer", agent: "writer", final: "yes" },
  ];
  for (const step of STEPS) await signal(`/dhk/${learned}`, step);
  return { strict, flexible, learned };
}
