"use client";

import { Button, Fieldset, Group, NumberInput, Radio, SimpleGrid, Stack, Switch } from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useEffect, useEffectEvent } from "react";
import { focusFirst } from "@/components/layout/focus-first";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { ApiError } from "@/lib/core/api";
import { BUDGET_ACTIONS, type BudgetView } from "@/lib/costs/schema";
import { ACTIONS, type BudgetForm, changesOf, formErrors, formOf, reasonsInWords } from "@/lib/costs/tab/budget-form";
import { updateBudget } from "@/lib/costs/tab/client";
import { BudgetPreview } from "./budget-preview";

type Props = {
  projectId: string;
  workflowId: string;
  budget: BudgetView /** How far unusual costs are known. */;
  anomalies: string;
};
type Form = UseFormReturnType<BudgetForm>;

/** What is wrong with fields by the server's answer; empty when it is about none of them. */
const refused = (error: Error): Record<string, string> =>
  error instanceof ApiError ? reasonsInWords(error.fields) : {};

/** Changes what instances of a workflow may cost, and shows what that would have meant. */
export function BudgetEditor({ projectId, workflowId, budget, anomalies }: Props) {
  const form = useForm<BudgetForm>({ initialValues: formOf(budget), validate: formErrors });
  const begin = (next: BudgetForm): void => {
    form.setInitialValues(next);
    form.setValues(next);
  };
  // The page is rendered again now and then, and may know a change by somebody else.
  const adopt = useEffectEvent((known: BudgetForm) => {
    const isNews = JSON.stringify(known) !== JSON.stringify(form.getInitialValues());
    if (isNews && !form.isDirty() && !save.isPending) begin(known);
  });
  useEffect(() => adopt(formOf(budget)), [budget]);
  const save = useChange({
    ...updateBudget(projectId, workflowId),
    done: "The budget is saved. Instances are measured by it from their next step on.",
    onSuccess: (saved) => begin(formOf(saved)),
    onField: (error) => {
      const fields = refused(error);
      form.setErrors(fields);
      focusFirst(form)(fields);
      return Object.keys(fields).length > 0;
    },
  });
  const submit = form.onSubmit((values) => save.mutate(changesOf(values, form.getInitialValues())), focusFirst(form));
  return (
    <form noValidate onSubmit={submit} aria-label="Budget">
      <Stack gap="lg" maw={820}>
        <LimitFields form={form} />
        <AnomalyFields form={form} anomalies={anomalies} />
        <BudgetPreview
          projectId={projectId}
          workflowId={workflowId}
          values={form.values}
          onSuggest={(usd) => form.setFieldValue("budget_limit_usd", usd)}
        />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
            Save budget
          </Button>
          <FormProblem error={save.problem} />
        </Group>
      </Stack>
    </form>
  );
}

const AMOUNT = {
  prefix: "$",
  placeholder: "no limit",
  hideControls: true,
  decimalScale: 6,
  thousandSeparator: ",",
  allowNegative: false,
  clampBehavior: "none",
} as const;

function LimitFields({ form }: { form: Form }) {
  return (
    <Fieldset legend="Limits">
      <Stack gap="md">
        <Switch
          label="Budget is on"
          description="While it is off, its limits stop nothing and nobody is told."
          {...form.getInputProps("budget_enabled", { type: "checkbox" })}
        />
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
          <NumberInput
            label="Limit of an instance"
            description="In dollars"
            {...AMOUNT}
            {...form.getInputProps("budget_limit_usd")}
          />
          <NumberInput
            label="Tell from"
            description="Before the limit is met"
            {...AMOUNT}
            placeholder="nothing"
            {...form.getInputProps("budget_alert_threshold_usd")}
          />
          <NumberInput
            label="Limit of a day"
            description="Of all instances together"
            {...AMOUNT}
            {...form.getInputProps("budget_daily_limit_usd")}
          />
        </SimpleGrid>
        <Radio.Group
          label="Above a limit"
          value={form.values.budget_action}
          onChange={(value) => {
            const action = BUDGET_ACTIONS.find((one) => one === value);
            if (action !== undefined) form.setFieldValue("budget_action", action);
          }}
          error={form.errors["budget_action"]}
        >
          <Stack gap="xs" mt={6}>
            {ACTIONS.map(({ value, label, text }) => (
              <Radio key={value} value={value} label={label} description={text} />
            ))}
          </Stack>
        </Radio.Group>
      </Stack>
    </Fieldset>
  );
}

function AnomalyFields({ form, anomalies }: { form: Form; anomalies: string }) {
  return (
    <Fieldset legend="What is unusual">
      <Stack gap="md">
        <Switch
          label="Tell of unusual costs"
          description={`Measured by earlier instances that completed. Nothing is stopped. Now: ${anomalies}.`}
          {...form.getInputProps("cost_anomaly_detection", { type: "checkbox" })}
        />
        {form.values.cost_anomaly_detection && (
          <NumberInput
            label="Times the average"
            description="What costs more than so many times the average is unusual; so are spikes and loops."
            maw={320}
            step={0.5}
            decimalScale={2}
            clampBehavior="none"
            stepHoldDelay={500}
            stepHoldInterval={100}
            {...form.getInputProps("cost_anomaly_multiplier")}
          />
        )}
      </Stack>
    </Fieldset>
  );
}
