import type { ToldSpan } from "./gen-ai";

/** Spans of one request and one resource. */
export type SpanBatch = {
  projectId: string;
  /** Who sent them, for the audit log. */
  actor: string;
  workflow: { id: string; name: string };
  spans: ToldSpan[];
  /** About as much memory as they take. */
  bytes: number;
};

/** Spans of one trace; its workflow is that of the first of them. `steps`: how many steps came of which batch. */
export type Group = Pick<SpanBatch, "projectId" | "actor" | "workflow" | "spans"> & {
  traceId: string;
  steps: Map<number, number>;
};

type From = Pick<Group, "workflow"> & { index: number };

/** The workflow of a trace is that of its steps. */
function add(group: Group, span: ToldSpan, { workflow, index }: From): void {
  group.spans.push(span);
  if (span.step === null) return;
  if (group.steps.size === 0) group.workflow = workflow;
  group.steps.set(index, (group.steps.get(index) ?? 0) + 1);
}

/** Puts the spans of each trace of each project together. */
export function groupTraces(batches: readonly SpanBatch[]): Group[] {
  const projects = new Map<string, Map<string, Group>>();
  for (const [index, { projectId, actor, workflow, spans }] of batches.entries()) {
    const groups = projects.get(projectId) ?? new Map<string, Group>();
    projects.set(projectId, groups);
    const from = { workflow, index };
    for (const span of spans) {
      const { traceId } = span;
      const known = groups.get(traceId);
      const group = known ?? { projectId, actor, workflow, traceId, spans: [], steps: new Map() };
      if (known === undefined) groups.set(traceId, group);
      add(group, span, from);
    }
  }
  return [...projects.values()].flatMap((groups) => [...groups.values()]);
}
