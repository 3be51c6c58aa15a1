import { Alert, Code, Text } from "@mantine/core";

/** Says before anybody relies on it that mails do not leave this server. */
export function NoMailService() {
  return (
    <Alert
      variant="default"
      title={
        <Text span fw={600} size="sm" c="var(--pt-late)">
          No mail service is set up
        </Text>
      }
    >
      Mails are kept in the log of their channel and reach nobody. Whoever runs this server can set{" "}
      <Code>RESEND_API_KEY</Code>.
    </Alert>
  );
}
