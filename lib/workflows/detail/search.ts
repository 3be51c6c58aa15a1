import { z } from "zod";
import { InstanceStatus } from "@/lib/workflows/schema";

export const TABS = ["instances", "costs", "definition", "handoffs", "rejected", "settings"] as const;
export type Tab = (typeof TABS)[number];

/** How far back hand-offs and costs are looked at, in days. */
const PERIODS = ["7", "30", "90"] as const;

const day = z.iso.date().optional();

/** The search part of the address of a workflow's page. `to` is the last day that is shown, in UTC. */
export const WorkflowSearch = z.object({
  tab: z.enum(TABS).default("instances"),
  status: InstanceStatus.optional(),
  agent: z.string().trim().max(200).optional(),
  from: day,
  to: day,
  days: z.enum(PERIODS).default("30"),
  /** Whether alerts about costs are shown that are over. */
  alerts: z.enum(["all"]).optional(),
  cursor: z.string().optional(),
});
export type WorkflowSearch = z.infer<typeof WorkflowSearch>;

const DAY_MS = 86_400_000;

/** What the list of instances is asked for: the filters of the address, with the whole last day in it. */
export function instanceQuery({ status, agent, from, to, cursor }: WorkflowSearch) {
  const end = to === undefined ? undefined : new Date(Date.parse(to) + DAY_MS).toISOString();
  return { status, agent: agent === "" ? undefined : agent, from, to: end, cursor, limit: 25 };
}

/** Whether the list of instances leaves any out. */
export const isNarrowed = ({ status, agent, from, to }: WorkflowSearch): boolean =>
  [status, agent, from, to].some((value) => value !== undefined && value !== "");
