import { Text } from "@mantine/core";
import classes from "@/components/status/well.module.css";
import { visible } from "@/lib/core/visible";

/** What somebody else wrote: as it is, and nothing in it can be followed or run. */
export function Written({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        {label}
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={classes["strange"]} tabIndex={0} aria-label={label}>
        <pre>{visible(text)}</pre>
      </section>
    </div>
  );
}
