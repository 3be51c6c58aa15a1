"use client";

import { Box, Button, Collapse, Group, Paper, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FormProblem } from "@/components/layout/form-problem";
import { toastDone } from "@/components/layout/toast";
import { takeOverCheck } from "@/lib/checks/client";
import { type OldUrl, parseOldUrl } from "@/lib/checks/old-url";
import { ApiError } from "@/lib/core/api";

const UNKNOWN = "This is no address of a service that we know. Paste it whole, with https://.";

/** For whoever comes from another service: the old address makes a check that keeps it, but for the host. */
export function TakeOver({ projectId }: { projectId: string }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  return (
    <Paper p="md" maw={760}>
      <UnstyledButton onClick={toggle} aria-expanded={isOpen} fw={500}>
        Moving from another service? Paste the address your job calls now
      </UnstyledButton>
      <Collapse expanded={isOpen}>{isOpen && <TakeOverForm projectId={projectId} />}</Collapse>
    </Paper>
  );
}

function TakeOverForm({ projectId }: { projectId: string }) {
  const router = useRouter();
  const [problem, setProblem] = useState<Error | null>(null);
  const form = useForm({
    initialValues: { url: "", name: "" },
    validate: { url: (url) => (parseOldUrl(url) === null ? UNKNOWN : null) },
  });
  const found = parseOldUrl(form.values.url);
  const save = useMutation({
    ...takeOverCheck(projectId),
    onMutate: () => setProblem(null),
    onSuccess: ({ id, same_path: isSamePath }) => {
      toastDone(isSamePath ? "The check is made. Change the host, and its job reports here." : "The check is made.");
      router.push(`/projects/${projectId}/checks/${id}` as "/");
      router.refresh();
    },
    onError: (error) => {
      if (error instanceof ApiError) form.setErrors(error.fields);
      setProblem(error);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <Stack gap="sm" pt="md">
        <TextInput
          label="Address, or the whole line it stands in"
          description="Healthchecks, Cronitor, Better Stack, Dead Man's Snitch, Uptime Kuma, Sentry, Checkly, OpenStatus, Pingura, PingPulse"
          placeholder="0 3 * * * backup.sh && curl https://hc-ping.com/…"
          required
          spellCheck={false}
          autoCapitalize="off"
          {...form.getInputProps("url")}
        />
        <TextInput label="Name of the check" placeholder="Nightly backup" {...form.getInputProps("name")} />
        <Box role="status">
          {found !== null && (
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {said(found)}
            </Text>
          )}
          {found !== null && found.note !== null && <Text size="sm">{found.note}</Text>}
        </Box>
        <Group>
          <Button type="submit" loading={save.isPending || save.isSuccess}>
            Take it over
          </Button>
          <FormProblem error={problem} />
        </Group>
      </Stack>
    </form>
  );
}

const said = ({ service, path }: OldUrl): string =>
  `${service}. Here it will be ${location.origin}${path.replace("{key}", "<ping key>")}`;
