import { Alert, Code } from "@mantine/core";

/** Says before anybody relies on it that mails leave nobody's log here. */
export function NoMailService() {
  return (
    <Alert color="yellow" variant="outline" title="No mail service is set up">
      Mails are kept in the log of their channel and reach nobody. Whoever runs this server can set{" "}
      <Code>RESEND_API_KEY</Code>.
    </Alert>
  );
}
