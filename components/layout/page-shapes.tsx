"use client";

import { Group, Paper, SimpleGrid, Skeleton, Stack } from "@mantine/core";
import type { ComponentType, ReactNode } from "react";

const H1 = 30;
const H2 = 24;
const BUTTON = 36;

const several = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

function Head({ crumb = false, action = false }: { crumb?: boolean; action?: boolean }) {
  return (
    <Stack gap={6}>
      {crumb && <Skeleton h={20} w={70} />}
      <Group justify="space-between" mih={action ? BUTTON : H1}>
        <Skeleton h={H1} w={180} />
        {action && <Skeleton h={BUTTON} w={112} />}
      </Group>
    </Stack>
  );
}

function Rows({ count, height = 20 }: { count: number; height?: number }) {
  return (
    <Paper>
      {several(count).map((row) => (
        <Group key={row} px="md" py={12} mih={height + 24} gap="md" wrap="nowrap">
          <Skeleton h={14} w={60} flex="none" />
          <Skeleton h={14} w={`${60 - ((row * 17) % 30)}%`} />
        </Group>
      ))}
    </Paper>
  );
}

function Part({ children }: { children: ReactNode }) {
  return (
    <Stack gap="sm">
      <Skeleton h={H2} w={150} />
      {children}
    </Stack>
  );
}

function Overview() {
  return (
    <Stack gap="xl">
      <Head action />
      {[2, 4, 4].map((count, part) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place on the page.
        <Part key={part}>
          <Rows count={count} height={38} />
        </Part>
      ))}
    </Stack>
  );
}

function List() {
  return (
    <Stack gap="md">
      <Head action />
      <Skeleton h={BUTTON} />
      <Rows count={10} height={28} />
    </Stack>
  );
}

function Detail() {
  return (
    <Stack gap="xl">
      <Stack gap="sm">
        <Head crumb />
        <Skeleton h={20} w={90} />
        <Skeleton h={24} w="60%" />
        <Skeleton h={BUTTON} w="50%" />
      </Stack>
      <Part>
        <SimpleGrid cols={3} spacing="sm">
          {several(3).map((tile) => (
            <Skeleton key={tile} h={86} />
          ))}
        </SimpleGrid>
      </Part>
      <Part>
        <Rows count={6} height={34} />
      </Part>
    </Stack>
  );
}

function Form() {
  return (
    <Stack gap="xl">
      <Head crumb />
      <Stack gap="lg" maw={760}>
        {[260, 220, 110].map((height) => (
          <Skeleton key={height} h={height} />
        ))}
      </Stack>
    </Stack>
  );
}

function Costs() {
  return (
    <Stack gap="xl">
      <Head action />
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {several(4).map((tile) => (
          <Skeleton key={tile} h={104} />
        ))}
      </SimpleGrid>
      <Part>
        <Skeleton h={340} />
        <Rows count={5} height={28} />
      </Part>
    </Stack>
  );
}

function Settings() {
  return (
    <Stack gap="lg">
      <Head />
      <Skeleton h={BUTTON} w={320} maw="100%" />
      {[180, 120, 120].map((height, part) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a part is its place on the page.
        <Part key={part}>
          <Skeleton h={height} />
        </Part>
      ))}
    </Stack>
  );
}

const SHAPES: [RegExp, ComponentType][] = [
  [/^\/projects\/[0-9a-f-]{36}$/, Overview],
  [/^\/account$|\/(checks|workflows|channels)\/(new|[^/]+\/edit)$/, Form],
  [/^\/projects\/[^/]+\/(checks|workflows|instances|approvals|channels)\/[^/]+$/, Detail],
  [/^\/projects\/[^/]+\/instances\/[^/]+\/replay$/, Detail],
  [/^\/projects\/[^/]+\/(checks|workflows|approvals|channels|alerts)$|\/checks\/[^/]+\/(history|runs)$/, List],
  [/^\/projects\/[^/]+\/costs$/, Costs],
  [/^\/projects\/[^/]+\/settings(\/|$)/, Settings],
];

/** What stands for the page at this path while it is on its way; null for those that have no shape of their own. */
export const shapeOf = (path: string): ComponentType | null =>
  SHAPES.find(([pattern]) => pattern.test(path))?.[1] ?? null;
