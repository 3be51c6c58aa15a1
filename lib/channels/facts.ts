import { z } from "zod";
import { instanceOf } from "@/lib/alerts/subject-page";
import { inWords, SECOND, utcWords } from "@/lib/core/time";
import { approvalFacts } from "./approval-facts";
import type { AlertFacts } from "./kind";
import { workflowFacts } from "./workflow-facts";

/** The facts of a check's alert, as far as it has them. */
const Data = z
  .object({
    check: z
      .object({
        schedule: z.string(),
        grace_seconds: z.number(),
        last_ping_at: z.string().nullable(),
        tags: z.string(),
      })
      .partial(),
    at: z.string(),
    down_since: z.string(),
    downtime_seconds: z.number(),
  })
  .partial();
type Data = z.infer<typeof Data>;

export type Fact = { label: string; value: string };

function dataOf(alert: AlertFacts): Data {
  const parsed = Data.safeParse(alert.data);
  return parsed.success ? parsed.data : {};
}

const moment = (at: string | Date) => utcWords(new Date(at).getTime());

function schedule({ schedule: words, grace_seconds: grace }: NonNullable<Data["check"]>): string | undefined {
  return words === undefined || grace === undefined ? words : `${words}, ${inWords(grace * SECOND)} of grace`;
}

function checkFacts(data: Data): [string, string | undefined][] {
  const { check } = data;
  if (check === undefined) return [];
  const last = check.last_ping_at;
  return [
    ["Schedule", schedule(check)],
    ["Last signal", last === undefined || last === null ? "none yet" : moment(last)],
    ["Tags", check.tags || undefined],
  ];
}

function statusFacts(alert: AlertFacts): [string, string | undefined][] {
  const data = dataOf(alert);
  const downtime = data.downtime_seconds;
  return [
    [data.down_since === undefined ? "Since" : "Up since", moment(data.at ?? alert.occurredAt)],
    ["Was down", downtime === undefined ? undefined : inWords(downtime * SECOND)],
    ...checkFacts(data),
  ];
}

type Facts = (alert: AlertFacts) => [string, string | undefined][];
const FACTS: Record<string, Facts> = { workflow: workflowFacts, approval: approvalFacts };

/** What a mail lists below its one sentence, in order. */
export function factsOf(alert: AlertFacts): Fact[] {
  const facts = FACTS[alert.subject.type] ?? statusFacts;
  return facts(alert).flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

/**
 * A name that all mails about one incident share: the bad news and the good news that ends it, or an instance's or approval's.
 */
export function incidentOf(alert: AlertFacts): string {
  const instance = instanceOf(alert);
  if (instance !== null) return `instance.${instance}`;
  if (alert.subject.type === "approval") return `approval.${alert.subject.id}`;
  const data = dataOf(alert);
  const began = new Date(data.down_since ?? data.at ?? alert.occurredAt).getTime();
  return `${alert.subject.type}.${alert.subject.id}.${began}`;
}
