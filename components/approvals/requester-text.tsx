import { Text } from "@mantine/core";
import classes from "./approvals.module.css";

/** What a requester wrote, just as it is: plain text that nobody has checked, and marked as such. */
export function RequesterText({ by, text }: { by: string; text: string }) {
  return (
    <figure className={classes["said"]}>
      <Text component="figcaption" size="xs" c="dimmed">
        Written by the requester, {by}. Pulsetrail has not checked it.
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={classes["words"]} tabIndex={0} aria-label="What is asked">
        <pre>{text}</pre>
      </section>
    </figure>
  );
}
