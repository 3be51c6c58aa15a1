"use client";

import { ActionIcon, Group, JsonInput, Paper, Select, Stack, Text, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { JsonView } from "@/components/status/json-view";
import { mergePatch } from "@/lib/core/merge-patch";
import { type Plan, readPatch, type Span } from "@/lib/replay/forking/plan";
import { stepDetail } from "@/lib/workflows/instance/client";

/** What is typed to change the payload of a stage. */
export type Patch = { stage: string; text: string };

type Named = { projectId: string; id: string };
type Spans = ReadonlyMap<string, Span>;

type Props = {
  named: Named;
  stages: string[];
  /** Null while it is not known which stages came. */
  spans: Spans | null;
  plan: Plan;
  patches: Patch[];
  /** What the server said of fields, by their names. */
  problems: Readonly<Record<string, string>>;
  onChange: (patches: Patch[]) => void;
};

/** Merge patches for the payloads of stages, each with what becomes of the payload. */
export function ForkPatches({ named, stages, spans, plan, patches, problems, onChange }: Props) {
  const others = stages.filter((path) => !patches.some(({ stage }) => stage === path));
  return (
    <Stack gap="sm">
      {patches.map((patch, at) => (
        <PatchField
          key={patch.stage}
          named={named}
          patch={patch}
          span={spans?.get(patch.stage) ?? null}
          isCopied={plan.isCopied(patch.stage)}
          problem={problems[`payload_modifications.${patch.stage}`] ?? null}
          onChange={(text) => onChange(patches.with(at, { ...patch, text }))}
          onRemove={() => onChange(patches.toSpliced(at, 1))}
        />
      ))}
      {others.length > 0 && (
        <Select
          label={patches.length === 0 ? "Change the payload of a stage" : "Change the payload of another stage"}
          placeholder="Choose a stage"
          data={others}
          value={null}
          searchable
          nothingFoundMessage="No such stage."
          onChange={(stage) => stage !== null && onChange([...patches, { stage, text: "" }])}
        />
      )}
    </Stack>
  );
}

type FieldProps = {
  named: Named;
  patch: Patch;
  span: Span | null;
  isCopied: boolean;
  problem: string | null;
  onChange: (text: string) => void;
  onRemove: () => void;
};

/** When the patch is applied to what. */
function whenWords(span: Span | null, isCopied: boolean): string {
  if (!isCopied) return "Still to come: changed when it is reported.";
  return span !== null && span.count > 1
    ? `Copied: it came ${span.count} times, and every copy is changed.`
    : "Copied: changed at once.";
}

function PatchField({ named, patch, span, isCopied, problem, onChange, onRemove }: FieldProps) {
  const typed = useMemo(() => readPatch(patch.text), [patch.text]);
  return (
    <Paper
      p="sm"
      component="fieldset"
      style={{ minWidth: 0, margin: 0 }}
      aria-label={`Payload of stage ${patch.stage}`}
    >
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Text size="sm" fw={600}>
              Stage {patch.stage}
            </Text>
            <Text size="xs" c="dimmed">
              {whenWords(span, isCopied)}
            </Text>
          </div>
          <Tooltip label="Leave its payload as it is">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Leave the payload of stage ${patch.stage} as it is`}
              onClick={onRemove}
            >
              <IconX size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <JsonInput
          label="Changes"
          aria-label={`Changes of stage ${patch.stage}`}
          description="Members to change, as a JSON object; null takes one out, objects are merged."
          placeholder='{ "name": "new value" }'
          autosize
          minRows={3}
          maxRows={14}
          formatOnBlur
          spellCheck={false}
          value={patch.text}
          error={typed.is === "wrong" ? typed.problem : problem}
          onChange={onChange}
        />
        {span !== null && (
          <Preview
            named={named}
            step={span.last}
            stage={patch.stage}
            isCopied={isCopied}
            patch={typed.is === "patch" ? typed.patch : null}
          />
        )}
      </Stack>
    </Paper>
  );
}

type PreviewProps = {
  named: Named;
  step: number;
  stage: string;
  isCopied: boolean;
  patch: Record<string, unknown> | null;
};

function previewWords({ stage, isCopied, patch }: PreviewProps): string {
  if (patch === null) return `Payload of stage ${stage} as it came`;
  return isCopied ? `Payload of stage ${stage} then` : `Payload of stage ${stage}, if it comes as before`;
}

/** The payload as it came, or as it is with the patch. */
function Preview(props: PreviewProps) {
  const { named, step, patch } = props;
  const { data } = useQuery(stepDetail(named, step));
  const shown = useMemo(() => (patch === null ? data?.payload : mergePatch(data?.payload, patch)), [data, patch]);
  if (data === undefined) return null;
  if (shown === null)
    return (
      <Text size="xs" c="dimmed">
        It came without a payload.
      </Text>
    );
  return <JsonView label={previewWords(props)} value={shown} />;
}
