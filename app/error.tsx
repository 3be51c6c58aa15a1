"use client";

import { Button, Group, Text, Title } from "@mantine/core";
import { useRouter } from "next/navigation";
import { startTransition } from "react";
import { PlainPage } from "@/components/layout/plain-page";

export default function ErrorPage({ reset }: { reset: () => void }) {
  const router = useRouter();
  // What the server could not make has to be asked for again, too.
  const again = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <PlainPage wide>
      <Title order={1}>Something went wrong on our side</Title>
      <Text c="dimmed">It has been logged. Trying again may help.</Text>
      <Group>
        <Button onClick={again}>Try again</Button>
      </Group>
    </PlainPage>
  );
}
