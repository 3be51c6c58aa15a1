"use client";

import { ActionIcon, Group, NativeSelect, NumberInput, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconTrash } from "@tabler/icons-react";
import type { KeyboardEvent, PointerEvent } from "react";
import { UNITS, type Unit } from "@/lib/checks/form";
import type { StageForm, WorkflowForm } from "@/lib/workflows/form";
import classes from "./stage-row.module.css";

type Control = "grip" | "up" | "down";

type Props = {
  form: UseFormReturnType<WorkflowForm>;
  stage: StageForm;
  at: number;
  isDragged: boolean;
  onDrag: (event: PointerEvent, at: number) => void;
  /** `control` is what was used, which keeps the focus. */
  onMove: (to: number, control: Control) => void;
  onRemove: () => void;
};

// Object.keys gives string[]; the keys of a literal are its units.
const ALL_UNITS = Object.keys(UNITS) as Unit[];
const ARROWS: Readonly<Record<string, number>> = { ArrowUp: -1, ArrowDown: 1 };

/** One declared stage: its number, its name, how long it may be waited for, and the ways to move it. */
export function StageRow({ form, stage, at, isDragged, onDrag, onMove, onRemove }: Props) {
  const { key, name } = stage;
  const what = name === "" ? `stage ${at + 1}` : name;
  const onKey = (event: KeyboardEvent): void => {
    const step = ARROWS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(at + step, "grip");
  };
  const button = (control: Control) =>
    ({ variant: "subtle", color: "gray", "data-focus": `${key} ${control}` }) as const;
  return (
    <li className={classes["row"]} data-dragged={isDragged || undefined}>
      <Group gap={4} wrap="nowrap" className={classes["place"] ?? ""}>
        <ActionIcon
          {...button("grip")}
          className={classes["grip"] ?? ""}
          aria-label={`Drag ${what}, or move it with the arrow keys`}
          onPointerDown={(event) => onDrag(event, at)}
          onKeyDown={onKey}
        >
          <IconGripVertical size={18} />
        </ActionIcon>
        <span className={classes["number"]} aria-hidden="true">
          {at + 1}
        </span>
      </Group>
      <TextInput
        className={classes["name"] ?? ""}
        aria-label={`Name of stage ${at + 1}`}
        placeholder={at === 0 ? "Extract" : "Name"}
        data-focus={`${key} name`}
        {...form.getInputProps(`stages.${at}.name`)}
      />
      <StageTimeout form={form} stage={stage} at={at} />
      <Group gap={2} wrap="nowrap" className={classes["buttons"] ?? ""}>
        <ActionIcon {...button("up")} aria-label={`Move ${what} up`} onClick={() => onMove(at - 1, "up")}>
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon {...button("down")} aria-label={`Move ${what} down`} onClick={() => onMove(at + 1, "down")}>
          <IconArrowDown size={16} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove ${what}`}
          data-focus={`${key} remove`}
          onClick={onRemove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
    </li>
  );
}

function StageTimeout({ form, stage, at }: Pick<Props, "form" | "stage" | "at">) {
  const field = `stages.${at}.timeout`;
  const { timeout } = stage;
  return (
    <Group gap={4} wrap="nowrap" align="start" className={classes["timeout"] ?? ""}>
      <NumberInput
        aria-label={`Timeout of stage ${at + 1}`}
        placeholder="No timeout"
        clampBehavior="none"
        hideControls
        flex={1}
        value={timeout.count}
        onChange={(count) => {
          form.setFieldValue(field, { ...timeout, count });
          form.clearFieldError(field);
        }}
        error={form.errors[field]}
      />
      <NativeSelect
        aria-label={`Unit of the timeout of stage ${at + 1}`}
        data={ALL_UNITS}
        value={timeout.unit}
        w={110}
        onChange={({ currentTarget }) => {
          const unit = ALL_UNITS.find((known) => known === currentTarget.value) ?? timeout.unit;
          form.setFieldValue(field, { ...timeout, unit });
        }}
      />
    </Group>
  );
}
