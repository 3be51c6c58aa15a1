"use client";

import { Fieldset, SimpleGrid, Stack, Switch, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CheckForm } from "@/lib/checks/form";

const SWITCHES = [
  { name: "postOnly", label: "Only POST counts", description: "So that a browser or a crawler cannot signal." },
  { name: "manual_resume", label: "Resume by hand", description: "While paused, a signal does not start it again." },
  {
    name: "filter_http_body",
    label: "Look for keywords in the body of signals",
    description: "The keywords below decide what a signal means.",
  },
  {
    name: "filter_default_fail",
    label: "Without any keyword it is a failure",
    description: "Otherwise such a signal is left out.",
  },
] as const;

const KEYWORDS = [
  { name: "start_kw", label: "Start keywords" },
  { name: "success_kw", label: "Success keywords" },
  { name: "failure_kw", label: "Failure keywords" },
] as const;

/** What few checks need. */
export function AdvancedFields({ form }: { form: UseFormReturnType<CheckForm> }) {
  return (
    <Fieldset legend="Advanced">
      <Stack gap="md">
        {SWITCHES.map(({ name, ...texts }) => (
          <Switch key={name} {...texts} {...form.getInputProps(name, { type: "checkbox" })} />
        ))}
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          {KEYWORDS.map(({ name, label }) => (
            <TextInput key={name} label={label} placeholder="Separated by commas" {...form.getInputProps(name)} />
          ))}
        </SimpleGrid>
      </Stack>
    </Fieldset>
  );
}
