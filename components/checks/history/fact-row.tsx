import { Paper, SimpleGrid, Text } from "@mantine/core";

/** A few numbers with what they are. */
export function FactRow({ facts }: { facts: [label: string, value: string][] }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: facts.length }} spacing="sm">
      {facts.map(([label, value]) => (
        <Paper key={label} p="md">
          <Text size="sm" c="dimmed">
            {label}
          </Text>
          <Text fz={{ base: "lg", sm: 24 }} fw={600}>
            {value}
          </Text>
        </Paper>
      ))}
    </SimpleGrid>
  );
}
