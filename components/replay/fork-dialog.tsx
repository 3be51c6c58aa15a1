"use client";

import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useMemo, useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { toastDone } from "@/components/layout/toast";
import { ApiError } from "@/lib/core/api";
import { usdWords } from "@/lib/core/money";
import { forkInstance, rerunInstance, stageSpans } from "@/lib/replay/client";
import { type Plan, planOf, readPatch, type Span } from "@/lib/replay/forking/plan";
import { stepDetail } from "@/lib/workflows/instance/client";
import { ForkPatches, type Patch } from "./fork-patches";

/** The instance that a new one is made from; `seq` is which one of its workflow it is. */
export type Origin = { id: string; workflowId: string; seq: number };

type Props = {
  projectId: string;
  instance: Origin;
  /** The paths of its stages, also of those still to come. */
  stages: string[];
  /** The stage that is chosen at first; null to begin anew. */
  from: string | null;
  opened: boolean;
  onClose: () => void;
};

/** Makes a new instance from another: from one of its stages on, or anew, with other payloads. */
export function ForkDialog({ opened, onClose, ...form }: Props) {
  const { seq } = form.instance;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={form.from === null ? `Run #${seq} again` : `Fork #${seq}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <ForkForm {...form} onClose={onClose} />
    </Modal>
  );
}

type Wanted = { stage: string | null; payload_modifications: Record<string, object>; reason?: string };

/** Makes the new instance, gives its id, and goes there. */
function useMake(named: { projectId: string; id: string }, onClose: () => void) {
  const router = useRouter();
  return useMutation({
    mutationFn: async ({ stage, ...body }: Wanted): Promise<string> => {
      if (stage === null) return (await rerunInstance(named).mutationFn(body)).new_instance_id;
      return (await forkInstance(named).mutationFn({ ...body, fork_from_stage: stage })).forked_instance_id;
    },
    onSuccess: (made) => {
      toastDone("The new instance is made. It waits for its next stage.");
      onClose();
      router.push(`/projects/${named.projectId}/instances/${made}` as "/");
    },
  });
}

type FormProps = Omit<Props, "opened">;

/** The patches to send; null while one of them cannot be read. */
function patchesOf(patches: readonly Patch[]): Record<string, object> | null {
  const typed = patches.map(({ stage, text }) => ({ stage, ...readPatch(text) }));
  if (typed.some(({ is }) => is === "wrong")) return null;
  return Object.fromEntries(typed.flatMap((one) => (one.is === "patch" ? [[one.stage, one.patch]] : [])));
}

const fieldsOf = (error: Error | null): Readonly<Record<string, string>> =>
  error instanceof ApiError ? error.fields : {};

function ForkForm({ projectId, instance, stages, from, onClose }: FormProps) {
  const named = { projectId, id: instance.id };
  const isFork = from !== null;
  const spans = useQuery(stageSpans(named));
  const [stage, setStage] = useState(from);
  const [patches, setPatches] = useState<Patch[]>(from === null ? [] : [{ stage: from, text: "" }]);
  const [reason, setReason] = useState("");
  const make = useMake(named, onClose);
  const fields = fieldsOf(make.error);
  const plan = useMemo(() => planOf(spans.data ?? new Map<string, Span>(), stage), [spans.data, stage]);
  const payloads = patchesOf(patches);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (payloads === null) return;
    const said = reason.trim();
    make.mutate({ stage, payload_modifications: payloads, ...(said !== "" && { reason: said }) });
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {isFork && (
          <StageChoice
            stages={spans.data === undefined ? stages : stages.filter((path) => spans.data.has(path))}
            stage={stage}
            problem={fields["fork_from_stage"]}
            onChange={setStage}
          />
        )}
        <Carried named={named} plan={plan} isFork={isFork} error={spans.error} isThere={spans.data !== undefined} />
        <ForkPatches
          named={named}
          stages={stages}
          spans={spans.data ?? null}
          plan={plan}
          patches={patches}
          problems={fields}
          onChange={setPatches}
        />
        <Textarea
          label="Reason"
          description="Kept with the new instance, for whoever looks at it later."
          autosize
          minRows={1}
          maxLength={500}
          value={reason}
          error={fields["reason"]}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Unplaced fields={fields} stages={patches.map((patch) => patch.stage)} />
        <FormProblem error={make.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={payloads === null}>
            {isFork ? "Fork" : "Run again"}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What the server said of fields that stand nowhere on the form. */
function Unplaced({ fields, stages }: { fields: Readonly<Record<string, string>>; stages: string[] }) {
  const placed = new Set(["fork_from_stage", "reason", ...stages.map((path) => `payload_modifications.${path}`)]);
  const reasons = Object.entries(fields).flatMap(([name, reason]) => (placed.has(name) ? [] : [reason]));
  if (reasons.length === 0) return null;
  return <Alert color="red">The changes were refused: {reasons.join("; ")}.</Alert>;
}

type ChoiceProps = {
  stages: string[];
  stage: string | null;
  problem: string | undefined;
  onChange: (stage: string) => void;
};

function StageChoice({ stages, stage, problem, onChange }: ChoiceProps) {
  return (
    <Select
      label="Fork from stage"
      data={stages}
      value={stage}
      allowDeselect={false}
      searchable
      error={problem}
      nothingFoundMessage="No such stage has come."
      comboboxProps={{ withinPortal: true }}
      onChange={(value) => value !== null && onChange(value)}
    />
  );
}

type CarriedProps = {
  named: { projectId: string; id: string };
  plan: Plan;
  isFork: boolean;
  error: Error | null;
  isThere: boolean;
};

/** What the new instance begins with, and what that had cost. */
function Carried({ named, plan, isFork, error, isThere }: CarriedProps) {
  const last = plan.steps - 1;
  const { data } = useQuery({ ...stepDetail(named, last), enabled: last >= 0 });
  if (error !== null) return <Alert color="red">{error.message}</Alert>;
  const cost = data?.step === last && data.cumulative_cost_usd > 0 ? usdWords(data.cumulative_cost_usd) : null;
  const steps = plan.steps === 1 ? "1 step is copied" : `${plan.steps.toLocaleString("en")} steps are copied`;
  return (
    <Text size="sm" c="dimmed" data-testid="carried">
      {!isFork && "It begins anew: nothing is copied. "}
      {isFork && !isThere && "Looking what is copied…"}
      {isFork && isThere && `${steps}${cost === null ? "" : `, which had cost ${cost}`}. `}
      {(isThere || !isFork) && "Your workers or agents report what comes next. The origin stays as it is."}
    </Text>
  );
}
