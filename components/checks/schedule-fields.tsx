"use client";

import { Box, Fieldset, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useState } from "react";
import { type CheckForm, type ScheduleKind, toSeconds } from "@/lib/checks/form";
import { canonicalTimeZone } from "@/lib/checks/schedule/schedule";
import { inWords } from "@/lib/core/time";
import { DurationField } from "./duration-field";
import { SchedulePreview } from "./schedule-preview";

const KINDS: { value: ScheduleKind; label: string }[] = [
  { value: "period", label: "Simple" },
  { value: "cron", label: "Cron" },
  { value: "oncalendar", label: "OnCalendar" },
  { value: "none", label: "None" },
];

const EXPRESSIONS = {
  cron: { label: "Cron expression", description: "Minute, hour, day of the month, month, day of the week." },
  oncalendar: { label: "OnCalendar expression", description: "As in a systemd timer, e.g. Mon..Fri 09:00." },
};

const GRACE = {
  some: "How late a signal may be, and how long a run may take, before somebody is told.",
  none: "How long a run may take before somebody is told.",
};

type Props = { form: UseFormReturnType<CheckForm>; projectId: string };

/** When signals are expected, and how late they may be. */
export function ScheduleFields({ form, projectId }: Props) {
  const { kind, timeout, grace } = form.values;
  return (
    <Fieldset legend="Schedule">
      <Stack gap="md">
        <Box maw="100%" style={{ overflowX: "auto" }}>
          <SegmentedControl
            aria-label="Kind of schedule"
            data={KINDS}
            value={kind}
            onChange={(value) =>
              form.setFieldValue("kind", KINDS.find((known) => known.value === value)?.value ?? kind)
            }
          />
        </Box>
        {kind === "period" && (
          <DurationField
            label="Period"
            description="The time from one signal to the next."
            value={timeout}
            onChange={(value) => form.setFieldValue("timeout", value)}
            error={form.errors["timeout"]}
          />
        )}
        {(kind === "cron" || kind === "oncalendar") && <CalendarFields form={form} projectId={projectId} kind={kind} />}
        <DurationField
          label="Grace time"
          description={GRACE[kind === "none" ? "none" : "some"]}
          value={grace}
          onChange={(value) => form.setFieldValue("grace", value)}
          error={form.errors["grace"]}
        />
        {kind === "period" && <PeriodSentence form={form.values} />}
        {kind === "none" && (
          <Text size="sm" c="dimmed">
            No signal is expected at any time, so it is never late. Failures are told, and runs that take too long.
          </Text>
        )}
      </Stack>
    </Fieldset>
  );
}

function CalendarFields({ form, projectId, kind }: Props & { kind: "cron" | "oncalendar" }) {
  const [zones, setZones] = useState<string[]>([]);
  const { tz } = form.values;
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          key={kind}
          {...EXPRESSIONS[kind]}
          required
          autoCapitalize="off"
          spellCheck={false}
          inputWrapperOrder={["label", "input", "description", "error"]}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          {...form.getInputProps(kind)}
        />
        <Select
          label="Time zone"
          description="The clock that the expression speaks of."
          inputWrapperOrder={["label", "input", "description", "error"]}
          searchable
          allowDeselect={false}
          limit={100}
          data={[...new Set([tz, ...zones])]}
          onDropdownOpen={() => setZones(allZones())}
          {...form.getInputProps("tz")}
        />
      </SimpleGrid>
      <SchedulePreview projectId={projectId} expression={form.values[kind]} timeZone={tz} />
    </>
  );
}

/** The zones this browser knows, by the names that are stored. */
function allZones(): string[] {
  const names = ["UTC", ...Intl.supportedValuesOf("timeZone")].map((name) => canonicalTimeZone(name));
  return [...new Set(names.filter((name) => name !== null))];
}

function PeriodSentence({ form }: { form: CheckForm }) {
  const seconds = toSeconds(form.timeout);
  const silence = (seconds * Number(form.max_misses) + toSeconds(form.grace)) * 1000;
  if (!(silence > 0)) return null;
  return (
    <Text size="sm" c="dimmed">
      A signal is expected every {inWords(seconds * 1000)}. After {inWords(silence)} without one, the check is down.
    </Text>
  );
}
