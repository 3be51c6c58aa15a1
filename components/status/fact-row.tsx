import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A number with what it is, and in small print of what. */
type Fact = [label: string, value: string, more?: ReactNode];

/** A few numbers side by side. */
export function FactRow({ facts }: { facts: Fact[] }) {
  const sm = Math.min(facts.length, 4);
  return (
    <SimpleGrid cols={{ base: 2, sm, lg: facts.length }} spacing="sm">
      {facts.map(([label, value, more]) => (
        <Paper key={label} p="md">
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Text fz={{ base: "lg", sm: 24 }} fw={600}>
            {value}
          </Text>
          {more !== undefined && (
            <Text size="xs" c="dimmed">
              {more}
            </Text>
          )}
        </Paper>
      ))}
    </SimpleGrid>
  );
}
