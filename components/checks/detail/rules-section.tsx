import { List, ListItem, Stack, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { runRules, signalRules } from "@/lib/checks/detail/rule-words";
import type { CheckFields } from "@/lib/checks/store/fields";

/** How a check reads its signals and what else it asks of them; nothing where nobody asked for anything. */
export function RulesSection({ fields }: { fields: CheckFields }) {
  const parts = [
    {
      title: "What a signal means",
      help: "Signals that are left out stand among the events, with the reason.",
      rules: signalRules(fields),
    },
    { title: "What is asked of runs", help: null, rules: runRules(fields) },
  ].filter(({ rules }) => rules.length > 0);
  if (parts.length === 0) return null;
  return (
    <Section title="Rules">
      <Stack gap="md">
        {parts.map(({ title, help, rules }) => (
          <div key={title}>
            <Text fw={500} size="sm">
              {title}
            </Text>
            {help !== null && (
              <Text size="sm" c="dimmed">
                {help}
              </Text>
            )}
            <List size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
              {rules.map((rule) => (
                <ListItem key={rule}>{rule}</ListItem>
              ))}
            </List>
          </div>
        ))}
      </Stack>
    </Section>
  );
}
