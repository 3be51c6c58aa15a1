"use client";

import { Button, Fieldset, Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { moved, newStage, type WorkflowForm } from "@/lib/workflows/form";
import { MAX_STAGES } from "@/lib/workflows/schema";
import { StageRow } from "./stage-row";
import classes from "./stage-row.module.css";
import { useStageDrag } from "./use-stage-drag";

type Props = { form: UseFormReturnType<WorkflowForm> };

let made = 0;

/** The declared stages of a static workflow: add, remove, rename, bound, and put in order by pointer or keys. */
export function StageEditor({ form }: Props) {
  const { stages } = form.values;
  const list = useRef<HTMLOListElement>(null);
  const [said, setSaid] = useState("");
  /** What gets the focus once the list is drawn anew: moving a row takes the focus from what is in it. */
  const wanted = useRef<string | null>(null);
  const place = (from: number, to: number): void => {
    const stage = stages[from];
    if (stage === undefined || to < 0 || to >= stages.length || to === from) return;
    form.setFieldValue("stages", moved(stages, from, to));
    // What was wrong with a stage stands at its place, which is another one now.
    form.clearErrors();
    setSaid(`${stage.name || "The stage"} is now stage ${to + 1} of ${stages.length}.`);
  };
  const { dragged, begin } = useStageDrag(list, place);
  useEffect(() => {
    if (wanted.current === null) return;
    const rows = list.current?.querySelectorAll<HTMLElement>("[data-focus]") ?? [];
    [...rows].find((element) => element.dataset["focus"] === wanted.current)?.focus();
    wanted.current = null;
  });
  const add = (): void => {
    made += 1;
    const stage = newStage(`new ${made}`);
    form.setFieldValue("stages", [...stages, stage]);
    form.clearFieldError("stages");
    wanted.current = `${stage.key} name`;
  };
  const remove = (at: number): void => {
    const next = stages[at + 1] ?? stages[at - 1];
    form.setFieldValue(
      "stages",
      stages.filter((_, index) => index !== at),
    );
    form.clearErrors();
    setSaid(`${stages[at]?.name || `Stage ${at + 1}`} is removed.`);
    wanted.current = next === undefined ? null : `${next.key} remove`;
  };
  return (
    <Fieldset legend="Stages">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Each one reports its number when it is done. The timeout is how long it may be waited for; blank is for ever.
        </Text>
        <ol className={classes["list"]} ref={list} aria-label="Stages">
          {stages.map((stage, at) => (
            <StageRow
              key={stage.key}
              form={form}
              stage={stage}
              at={at}
              isDragged={dragged === at}
              onDrag={begin}
              onMove={(to, control) => {
                wanted.current = `${stage.key} ${control}`;
                place(at, to);
              }}
              onRemove={() => remove(at)}
            />
          ))}
        </ol>
        {form.errors["stages"] !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {form.errors["stages"]}
          </Text>
        )}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={add}
            disabled={stages.length >= MAX_STAGES}
          >
            Add stage
          </Button>
        </Group>
        <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
      </Stack>
    </Fieldset>
  );
}
