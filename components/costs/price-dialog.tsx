"use client";

import { Button, Group, Modal, NumberInput, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { ApiError } from "@/lib/core/api";
import { setOwnPrice } from "@/lib/costs/price-client";
import { FIELDS, toForm, toPrice } from "@/lib/costs/price-form";
import type { OwnPrice, Repriced } from "@/lib/costs/price-schema";

/** What the dialog is about: a price that is there, the name of a model without one, or "" for one that is still to be named. */
export type Subject = OwnPrice | string;

type Props = {
  projectId: string;
  /** Null while it is closed. */
  subject: Subject | null;
  onSet: (answer: Repriced) => void;
  onClose: () => void;
};

/** Says what a model costs. */
export function PriceDialog({ projectId, subject, onSet, onClose }: Props) {
  return (
    <Modal
      opened={subject !== null}
      onClose={onClose}
      title={typeof subject === "object" ? "Change a price" : "Set a price"}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {subject !== null && <PriceForm projectId={projectId} subject={subject} onSet={onSet} onClose={onClose} />}
    </Modal>
  );
}

const AMOUNT = { min: 0, max: 1_000_000, decimalScale: 6, prefix: "$", hideControls: true, allowNegative: false };
const MISSING = "Enter a price. What costs nothing costs 0.";

function PriceForm({ projectId, subject, onSet, onClose }: Props & { subject: Subject }) {
  const form = useForm({
    initialValues: toForm(subject),
    validate: {
      model: (model) => (model.trim() === "" ? "Enter the name of a model." : null),
      input: (typed) => (typed === "" ? MISSING : null),
      output: (typed) => (typed === "" ? MISSING : null),
    },
  });
  const save = useChange({
    ...setOwnPrice(projectId),
    onSuccess: (answer) => {
      onClose();
      onSet(answer);
    },
    onField: (error) => {
      const told = Object.entries(error instanceof ApiError ? error.fields : {});
      form.setErrors(Object.fromEntries(told.map(([name, reason]) => [FIELDS[name] ?? name, reason])));
      return told.length > 0;
    },
  });
  const isNamed = subject !== "";
  return (
    <form
      noValidate
      onSubmit={form.onSubmit((values) => {
        const price = toPrice(values);
        if (price !== null) save.mutate(price);
      })}
    >
      <Stack gap="md">
        <TextInput
          label="Model"
          description="As steps name it, or the beginning of it and *"
          required
          readOnly={typeof subject === "object"}
          data-autofocus={isNamed ? undefined : true}
          {...form.getInputProps("model")}
        />
        <Text size="sm" c="dimmed">
          Dollars for a million tokens. Steps without a price get this one; all others keep theirs.
        </Text>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <NumberInput
            label="Input"
            required
            data-autofocus={isNamed ? true : undefined}
            {...AMOUNT}
            {...form.getInputProps("input")}
          />
          <NumberInput label="Output" required {...AMOUNT} {...form.getInputProps("output")} />
          <NumberInput
            label="Read from a cache"
            description="Blank: as input"
            {...AMOUNT}
            {...form.getInputProps("cacheRead")}
          />
          <NumberInput
            label="Written to a cache"
            description="Blank: as input"
            {...AMOUNT}
            {...form.getInputProps("cacheWrite")}
          />
        </SimpleGrid>
        <FormProblem error={save.problem} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save price
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
