"use client";

import { Button, Group, Paper, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import { InstanceWord } from "@/components/workflows/words";
import { ApiError } from "@/lib/core/api";
import { findInstance } from "@/lib/replay/client";
import { compareHref, idIn } from "@/lib/replay/compare-address";
import type { Comparable, NamedInstance } from "@/lib/replay/compare-queries";

/** What an instance may be compared with: its kin, the newest of its workflow, or any other by its id. */
export function ChooseOther({ projectId, one, related, recent }: Comparable & { projectId: string }) {
  const groups = [
    { title: "Forked from one another", list: related },
    { title: `Newest of ${one.workflow.name}`, list: recent },
  ];
  return (
    <Stack gap="xl">
      {groups
        .filter(({ list }) => list.length > 0)
        .map(({ title, list }) => (
          <Section key={title} title={title}>
            <Paper p="xs">
              <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: "none" }}>
                {list.map((other) => (
                  <Choice key={other.id} href={compareHref(projectId, one.id, other.id)} one={one} other={other} />
                ))}
              </Stack>
            </Paper>
          </Section>
        ))}
      <Section title="Any other" description="Of any workflow of this project.">
        <ById projectId={projectId} id={one.id} />
      </Section>
    </Stack>
  );
}

function Choice({ href, one, other }: { href: string; one: NamedInstance; other: NamedInstance }) {
  const isElsewhere = other.workflow.id !== one.workflow.id;
  return (
    <Group component="li" gap="4px 16px" px="xs" py={8}>
      <TextLink href={href} fw={500}>
        {isElsewhere && `${other.workflow.name} `}#{other.seq}
      </TextLink>
      <InstanceWord status={other.status} />
      <Text size="sm" c="dimmed">
        {kinWords(one, other)}
        {other.steps === 1 ? "1 step" : `${other.steps.toLocaleString("en")} steps`}, started{" "}
        <RelativeTime at={other.startedAt} />
      </Text>
    </Group>
  );
}

function kinWords(one: NamedInstance, other: NamedInstance): string {
  if (one.originId === other.id) return "its origin, ";
  return other.originId === one.id ? "made from it, " : "";
}

const GONE = "There is no such instance in this project.";

function ById({ projectId, id }: { projectId: string; id: string }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const look = useMutation({
    ...findInstance(projectId),
    onSuccess: (_, other) => router.push(compareHref(projectId, id, other) as "/"),
    onError: (error) => setProblem(error instanceof ApiError && error.status !== 404 ? error.message : GONE),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const other = idIn(text);
    if (other === null) setProblem("Paste the id of an instance, such as d4k2…, or the address of its page.");
    else if (other === id) setProblem("That is the one you have: choose another.");
    else look.mutate(other);
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group align="flex-start" gap="sm">
        <TextInput
          label="Id of the other instance"
          flex="1 1 260px"
          maw={420}
          maxLength={500}
          value={text}
          error={problem}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setProblem(null);
          }}
        />
        <Button type="submit" variant="default" mt={25} loading={look.isPending}>
          Compare
        </Button>
      </Group>
    </form>
  );
}
