import { SimpleGrid, Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { CopyField } from "@/components/status/copy-field";
import type { Address } from "@/lib/checks/detail/addresses";
import classes from "./elsewhere-section.module.css";

/** The addresses of a check in the words of other services, each to copy; folded, because few need them twice. */
export function ElsewhereSection({ addresses }: { addresses: Address[] }) {
  return (
    <Section
      title="In other services' words"
      description="What reports to one of these already reports here once its host is replaced"
    >
      <details className={classes["fold"]}>
        <summary>Show {addresses.length} addresses of this check</summary>
        <SimpleGrid cols={{ base: 1, md: 2 }} mt="md" verticalSpacing="md">
          {addresses.map(({ service, hint, url }) => (
            <Stack key={service} gap={4} miw={0}>
              <Text size="sm" fw={500}>
                {service}
              </Text>
              <CopyField label={`address for ${service}`} value={url} />
              <Text size="xs" c="dimmed">
                {hint}
              </Text>
            </Stack>
          ))}
        </SimpleGrid>
      </details>
    </Section>
  );
}
