import type { NewAlert } from "@/lib/alerts/raise";
import type { LoadedInstance, LoadedWorkflow } from "@/lib/workflows/loaded";
import type { Command } from "./command-schema";

/** The step after which a worker goes on. */
export type ResumeAfter = NonNullable<Command["resume_after"]>;

/** What is kept with a session of what a worker needs, besides what its columns say. */
type CommandParts = Pick<
  Command,
  "workflow_id" | "workflow_kind" | "stages_copied" | "resume_after" | "payload_overrides"
>;

/** What a session says of a fork or rerun that was asked for. */
export type Requested = {
  id: string;
  kind: Command["kind"];
  instance_id: string;
  other_id: string;
  fork_from_stage: string | null;
  reason: string | null;
  actor_name: string;
  created_at: Date;
  parts: CommandParts;
};

/** Everything a worker needs to go on with a fork, or to run again. */
export function toCommand({ parts, ...session }: Requested): Command {
  return {
    command_id: session.id,
    type: "instance.fork_requested",
    kind: session.kind,
    ...parts,
    instance_id: session.other_id,
    origin_instance_id: session.instance_id,
    fork_from_stage: session.fork_from_stage,
    reason: session.reason,
    requested_by: session.actor_name,
    created_at: session.created_at.toISOString(),
  };
}

type About = { workflow: LoadedWorkflow; instance: LoadedInstance; originSeq: number; at: number };

/** Tells programs that an instance waits to be driven. */
export function requestedAlert(command: Command, { workflow, instance, originSeq, at }: About): NewAlert {
  const how =
    command.fork_from_stage === null
      ? `#${originSeq} is to be run again`
      : `#${originSeq} was forked from stage ${command.fork_from_stage}`;
  return {
    projectId: workflow.projectId,
    type: command.type,
    severity: "info",
    subjectType: "workflow",
    subjectId: workflow.id,
    subjectName: workflow.name,
    message: `"${workflow.name}" ${how} as #${instance.seq}, by ${command.requested_by}.`,
    data: { ...command, instance_seq: instance.seq },
    dedupKey: `${command.type}:${command.command_id}`,
    occurredAt: at,
    resolvedAt: at,
  };
}
