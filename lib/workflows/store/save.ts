import { raiseAlerts } from "@/lib/alerts/raise";
import { settleAlertsByKey, settleWorkflowAlerts, tellSettled } from "@/lib/alerts/settle";
import { limitRequest } from "@/lib/approvals/limit-request";
import { saveRequests } from "@/lib/approvals/store/requests";
import { jsonText } from "@/lib/core/stored-json";
import { iso } from "@/lib/core/time";
import { saveRollups } from "@/lib/costs/store/rollups";
import { plainArray, textArray } from "@/lib/db/columns";
import { type CopyTable, copyRows } from "@/lib/db/copy";
import type { CopyWriter } from "@/lib/db/copy-writer";
import type { Db } from "@/lib/db/pool";
import { lacksFirst } from "@/lib/workflows/address";
import { OPEN_TYPES } from "@/lib/workflows/alert";
import type { LoadedInstance } from "@/lib/workflows/loaded";
import type { StepDetail } from "@/lib/workflows/step";
import type { NewStep, Work } from "@/lib/workflows/work";

type Saved = { work: Work; instance: LoadedInstance };

/**
 * Stores instances, steps, hand-offs, refusals, alerts, deliveries and what is asked of one transaction. The workflows must be locked in
 * it. All statements have been sent when it returns; it resolves when they have ended. `isSwept`: time was let pass, so
 * what is to be looked at next is known anew.
 */
export async function saveWork(tx: Db, works: Work[], isSwept = false): Promise<void> {
  const changed = works.flatMap((work) =>
    work.workflow.instances.filter(({ id }) => work.changed.has(id)).map((instance): Saved => ({ work, instance })),
  );
  const alerts = works.flatMap((work) => work.alerts);
  const settled = alerts.filter(({ type, resolvedAt }) => resolvedAt !== null && OPEN_TYPES.includes(type));
  await Promise.all([
    saveCounts(
      tx,
      works.filter(({ begun }) => begun.size > 0),
    ),
    insertInstances(
      tx,
      changed.filter(({ work, instance }) => work.begun.has(instance.id)),
    ),
    updateInstances(
      tx,
      changed.filter(({ work, instance }) => !work.begun.has(instance.id)),
      isSwept,
    ),
    copyRows(
      tx,
      STEPS,
      works.flatMap((work) => work.steps),
    ),
    saveRollups(tx, works),
    saveHandoffs(tx, works),
    saveRejected(tx, works),
    settleWorkflowAlerts(tx, OPEN_TYPES, works.flatMap(completions)),
    settleAlertsByKey(
      tx,
      works.flatMap((work) => work.settled),
    ),
    raiseAlerts(tx, alerts),
    saveRequests(
      tx,
      works.flatMap(({ asked, unpaused }) =>
        // One that is over by the same transaction waits for nothing.
        asked.filter(({ instance }) => !unpaused.has(instance.id)).map(limitRequest),
      ),
    ),
    tellSettled(
      tx,
      settled.map(({ dedupKey }) => dedupKey),
    ),
  ]);
}

function completions({ workflow: { projectId, id }, completed }: Work) {
  return completed.map((one) => ({ ...one, projectId, workflowId: id }));
}

async function saveCounts(tx: Db, works: Work[]): Promise<void> {
  if (works.length === 0) return;
  await tx.query({
    name: "save-instance-counts",
    text: `UPDATE workflows SET n_instances = c.n FROM unnest($1::uuid[], $2::text[], $3::int[]) AS c (project_id, id, n)
            WHERE workflows.project_id = c.project_id AND workflows.id = c.id`,
    values: [
      works.map(({ workflow }) => workflow.projectId),
      works.map(({ workflow }) => workflow.id),
      works.map(({ workflow }) => workflow.nInstances),
    ],
  });
}

const textColumn = (read: (saved: Saved) => string | null) => (saved: Saved[]) => textArray(saved.map(read));
const plainColumn = (read: (saved: Saved) => string | number | boolean | null) => (saved: Saved[]) =>
  plainArray(saved.map(read));
const TIME = (column: string): string => `to_timestamp(${column} / 1000)`;

/** What signals move of an instance: its columns, how they are sent, and how what was sent becomes what is stored. */
const MOVED: [column: string, type: string, read: (saved: Saved[]) => string, cast?: (column: string) => string][] = [
  ["status", "text", plainColumn(({ instance }) => instance.status), (column) => `${column}::instance_status`],
  ["ended_at", "float8", plainColumn(({ instance }) => instance.endedAt), TIME],
  ["failure_reason", "text", textColumn(({ instance }) => instance.failureReason)],
  ["agent_code", "text", textColumn(({ instance }) => instance.agentCode)],
  ["last_agent", "text", textColumn(({ instance }) => instance.lastAgent)],
  ["last_agent_at", "float8", plainColumn(({ instance }) => instance.lastAgentAt), TIME],
  ["n_steps", "int", plainColumn(({ instance }) => instance.nSteps)],
  ["cost_micros", "bigint", plainColumn(({ instance }) => instance.costMicros)],
  // A list of lists would have to be of one length, so it goes as text.
  ["reached", "text", textColumn(({ instance }) => `{${instance.reached.join()}}`), (column) => `${column}::int[]`],
  ["top", "int", plainColumn(({ instance }) => instance.top)],
  ["credit_ms", "bigint", plainColumn(({ instance }) => instance.creditMs)],
  ["paused_at", "float8", plainColumn(({ instance }) => instance.pausedAt), TIME],
  [
    "breakers",
    "text",
    textColumn(({ instance }) => instance.breakers && JSON.stringify(instance.breakers)),
    (column) => `${column}::jsonb`,
  ],
  ["last_signal_at", "float8", plainColumn(({ instance }) => instance.lastSignalAt), TIME],
  ["progress_at", "float8", plainColumn(({ instance }) => instance.progressAt), TIME],
  ["due_at", "float8", plainColumn(({ instance }) => instance.dueAt), TIME],
  ["lacks_first", "bool", plainColumn(({ work, instance }) => lacksFirst(work.workflow, instance))],
];

const COLUMNS = MOVED.map(([column]) => column);
const TYPES = MOVED.map(([, type]) => type);
const CAST = MOVED.map(([column, , , cast]) => cast?.(`c.${column}`) ?? `c.${column}`);

const projectIds = plainColumn(({ work }) => work.workflow.projectId);
const instanceIds = plainColumn(({ instance }) => instance.id);
const movedColumns = (saved: Saved[]): string[] => MOVED.map(([, , read]) => read(saved));
const params = (types: string[], from = 1): string =>
  types.map((type, index) => `$${index + from}::${type}[]`).join(", ");

async function insertInstances(tx: Db, saved: Saved[]): Promise<void> {
  if (saved.length === 0) return;
  const own = ["project_id", "id", "workflow_id", "seq", "version", "trace_id", "started_at"];
  const types = ["uuid", "text", "text", "int", "int", "text", "float8"];
  await tx.query({
    name: "insert-instances",
    text: `INSERT INTO instances (${[...own, ...COLUMNS].join(", ")}, watch_at)
           SELECT ${own
             .slice(0, -1)
             .map((column) => `c.${column}`)
             .join(", ")}, ${[TIME("c.started_at"), ...CAST, TIME("c.due_at")].join(", ")}
             FROM unnest(${params([...types, ...TYPES])}) AS c (${[...own, ...COLUMNS].join(", ")})`,
    values: [
      projectIds(saved),
      instanceIds(saved),
      textArray(saved.map(({ work }) => work.workflow.id)),
      plainArray(saved.map(({ instance }) => instance.seq)),
      plainArray(saved.map(({ instance }) => instance.version)),
      textArray(saved.map(({ instance }) => instance.traceId ?? null)),
      plainArray(saved.map(({ instance }) => instance.startedAt)),
      ...movedColumns(saved),
    ],
  });
}

async function updateInstances(tx: Db, saved: Saved[], isSwept: boolean): Promise<void> {
  if (saved.length === 0) return;
  await tx.query({
    name: "update-instances",
    // A deadline that moves ahead leaves behind when it is looked at, which spares every signal the indexes. Decision 0012.
    text: `UPDATE instances SET ${COLUMNS.map((column, index) => `${column} = ${CAST[index]}`).join(", ")},
                  watch_at = CASE WHEN c.status <> 'running' THEN NULL WHEN $1 THEN ${TIME("c.due_at")} ELSE least(watch_at, ${TIME("c.due_at")}) END
             FROM unnest(${params(["uuid", "text", ...TYPES], 2)}) AS c (project_id, id, ${COLUMNS.join(", ")})
            WHERE instances.project_id = c.project_id AND instances.id = c.id`,
    values: [isSwept, projectIds(saved), instanceIds(saved), ...movedColumns(saved)],
  });
}

const told =
  <T>(write: (writer: CopyWriter, value: T | null) => void, read: (detail: StepDetail) => T | null) =>
  (writer: CopyWriter, { report: { detail } }: NewStep): void =>
    write(writer, detail === null ? null : read(detail));
const text = (writer: CopyWriter, value: string | null): void => writer.text(value);
const int8 = (writer: CopyWriter, value: number | null): void => writer.int8(value);
const json = (writer: CopyWriter, value: unknown): void => writer.jsonb(jsonText(value));

/** What is stored of a step: its columns, and how they are sent. */
const STEPS: CopyTable<NewStep> = {
  name: "stage_executions",
  columns: [
    ["project_id", (writer, { projectId }) => writer.uuid(projectId)],
    ["instance_id", (writer, { instanceId }) => writer.text(instanceId)],
    ["ordinal", (writer, { ordinal }) => writer.int4(ordinal)],
    ["path", (writer, { report }) => writer.text(report.path)],
    ["status", (writer, { isFailed }) => writer.text(isFailed ? "failed" : "success")],
    ["stage_name", (writer, { report }) => writer.text(report.stageName)],
    ["agent", (writer, { report }) => writer.text(report.agent)],
    ["at", (writer, { at }) => writer.timestamptz(at)],
    ["is_final", (writer, { report }) => writer.bool(report.isFinal)],
    ["status_text", told(text, (detail) => detail.statusText)],
    ["response_time_ms", told(int8, (detail) => detail.responseTimeMs)],
    ["model_id", told(text, (detail) => detail.modelId)],
    ["input_tokens", told(int8, (detail) => detail.inputTokens)],
    ["output_tokens", told(int8, (detail) => detail.outputTokens)],
    ["cost_micros", told(int8, (detail) => detail.costMicros)],
    ["computed_micros", told(int8, (detail) => detail.computedMicros)],
    ["context_size_bytes", told(int8, (detail) => detail.contextSizeBytes)],
    ["handoff_reason", told(text, (detail) => detail.handoffReason)],
    ["usage", told(json, (detail) => detail.usage)],
    ["tool_calls", told(json, (detail) => detail.toolCalls)],
    ["payload", told(json, (detail) => detail.payload)],
    ["span_id", (writer, { span }) => writer.text(span?.id ?? null)],
    ["parent_span_id", (writer, { span }) => writer.text(span?.parentId ?? null)],
    ["tags", (writer, { report: { detail } }) => writer.textArray(detail?.tags ?? null)],
  ],
};

async function saveHandoffs(tx: Db, works: Work[]): Promise<void> {
  const handed = works.flatMap(({ workflow, handoffs }) => handoffs.map((one) => ({ ...one, workflow })));
  if (handed.length === 0) return;
  await tx.query({
    name: "save-handoffs",
    text: `INSERT INTO handoffs (project_id, workflow_id, at, instance_id, ordinal, from_agent, to_agent, gap_ms, reason)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::int[], $6::text[], $7::text[], $8::bigint[], $9::text[])`,
    values: [
      handed.map(({ workflow }) => workflow.projectId),
      handed.map(({ workflow }) => workflow.id),
      handed.map(({ at }) => iso(at)),
      handed.map(({ instanceId }) => instanceId),
      handed.map(({ ordinal }) => ordinal),
      handed.map(({ from }) => from),
      handed.map(({ to }) => to),
      handed.map(({ gapMs }) => gapMs),
      handed.map(({ reason }) => reason),
    ],
  });
}

async function saveRejected(tx: Db, works: Work[]): Promise<void> {
  const refused = works.flatMap(({ workflow, rejected }) => rejected.map((one) => ({ ...one, workflow })));
  if (refused.length === 0) return;
  await tx.query({
    name: "save-rejected",
    text: `INSERT INTO rejected_pings (project_id, workflow_id, instance_id, at, code, expected, received, agent, raw)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[])`,
    values: [
      refused.map(({ workflow }) => workflow.projectId),
      refused.map(({ workflow }) => workflow.id),
      refused.map(({ instanceId }) => instanceId),
      refused.map(({ at }) => iso(at)),
      refused.map(({ code }) => code),
      refused.map(({ expected }) => expected),
      refused.map(({ report }) => report.path),
      refused.map(({ report }) => report.agent),
      refused.map(({ report }) => JSON.stringify(report.raw())),
    ],
  });
}
