import { Text, VisuallyHidden } from "@mantine/core";
import { type DiffLine, foldUnchanged, type ShownLine } from "@/lib/approvals/diff";
import { visible } from "@/lib/core/visible";
import classes from "./change-view.module.css";

const SIGNS = { same: " ", added: "+", removed: "−", folded: "⋯" } as const;
const SPOKEN = { same: "", added: "added: ", removed: "removed: ", folded: "" } as const;

const wordsOf = (line: ShownLine): string =>
  line.is === "folded" ? `${line.count} unchanged ${line.count === 1 ? "line" : "lines"}` : visible(line.text);

/** What an action changes, line by line: what goes and what comes by sign and by colour. */
export function ChangeView({ lines }: { lines: DiffLine[] }) {
  const count = (is: DiffLine["is"]): number => lines.filter((line) => line.is === is).length;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4}>
        What would change: {count("removed")} removed, {count("added")} added
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section className={classes["change"]} tabIndex={0} aria-label="What would change">
        {foldUnchanged(lines).map((line, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text.
          <div key={at} className={classes["line"]} data-is={line.is}>
            <span className={classes["sign"]} aria-hidden="true">
              {SIGNS[line.is]}
            </span>
            <span className={classes["text"]}>
              <VisuallyHidden>{SPOKEN[line.is]}</VisuallyHidden>
              {wordsOf(line)}
            </span>
          </div>
        ))}
      </section>
    </div>
  );
}
