import { Breadcrumbs, Group, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { TextLink } from "./text-link";

type Crumb = { label: string; href: string };

/** The head of a page: where one is, its name, and at most one main action. */
export function PageHeader({ title, crumbs = [], action }: { title: string; crumbs?: Crumb[]; action?: ReactNode }) {
  return (
    <Stack gap={6}>
      {crumbs.length > 0 && (
        <Breadcrumbs aria-label="Breadcrumb" component="nav">
          {crumbs.map(({ label, href }) => (
            <TextLink key={href} href={href} size="sm" truncate display="inline-block" maw="min(20rem, 60vw)">
              {label}
            </TextLink>
          ))}
        </Breadcrumbs>
      )}
      <Group justify="space-between" align="center" gap="sm">
        <Title order={1} style={{ overflowWrap: "anywhere" }}>
          {title}
        </Title>
        {action}
      </Group>
    </Stack>
  );
}
