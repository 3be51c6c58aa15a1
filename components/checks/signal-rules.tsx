import { SimpleGrid, Stack, Switch, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { CheckForm } from "@/lib/checks/form";

/** In the order in which they are looked at. */
const SWITCHES = [
  {
    name: "manual_resume",
    label: "Resume by hand",
    description: "While the check is paused, signals are left out and do not start it again.",
  },
  {
    name: "postOnly",
    label: "Only POST counts",
    description: "Other methods are left out, so that a browser or a crawler cannot signal.",
  },
  {
    name: "ignore_previews",
    label: "Leave out previews of links",
    description: "Chats, mail services and browsers that open the address in advance do not signal.",
  },
  {
    name: "filter_http_body",
    label: "Look for keywords in the body of signals",
    description: "They decide what a signal means, whatever its address says. Capitals matter.",
  },
] as const;

const KEYWORDS = [
  { name: "failure_kw", label: "Failure keywords", description: "Looked for first." },
  { name: "success_kw", label: "Success keywords", description: "Looked for next." },
  { name: "start_kw", label: "Start keywords", description: "Looked for last." },
] as const;

type Props = { form: UseFormReturnType<CheckForm> };

/** How the signals of a check are read: which are left out, and what the others mean. */
export function SignalRules({ form }: Props) {
  // What is wrong must be seen, also where it is switched off.
  const showsKeywords = form.values.filter_http_body || KEYWORDS.some(({ name }) => form.errors[name] !== undefined);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        These rules are looked at from the top. A signal that is left out is recorded as ignored, with the reason, and
        changes nothing.
      </Text>
      {SWITCHES.map(({ name, ...texts }) => (
        <Switch key={name} {...texts} {...form.getInputProps(name, { type: "checkbox" })} />
      ))}
      {showsKeywords && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            {KEYWORDS.map(({ name, ...texts }) => (
              <TextInput key={name} {...texts} placeholder="Separated by commas" {...form.getInputProps(name)} />
            ))}
          </SimpleGrid>
          <Switch
            label="Without any keyword it is a failure"
            description="Otherwise such a signal is left out."
            {...form.getInputProps("filter_default_fail", { type: "checkbox" })}
          />
        </>
      )}
      <TextInput
        label="Exit statuses that only warn"
        description="They count as a success and are shown in the events, such as 1, 75-78. Keywords come first."
        {...form.getInputProps("warning_exits")}
      />
    </Stack>
  );
}
