import { Text, Title } from "@mantine/core";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";

export default function NotFound() {
  return (
    <PlainPage wide>
      <Title order={1}>There is nothing here</Title>
      <Text c="dimmed">
        The address may be mistyped, what it led to may have been deleted, or it may belong to others.{" "}
        <TextLink href="/" underline="always">
          Back to the start
        </TextLink>
      </Text>
    </PlainPage>
  );
}
