"use client";

import { Button, Group, Text, Title } from "@mantine/core";
import { PlainPage } from "@/components/layout/plain-page";

export default function ErrorPage({ reset }: { reset: () => void }) {
  return (
    <PlainPage wide>
      <Title order={1}>Something went wrong on our side</Title>
      <Text c="dimmed">It has been logged. Trying again may help.</Text>
      <Group>
        <Button onClick={reset}>Try again</Button>
      </Group>
    </PlainPage>
  );
}
