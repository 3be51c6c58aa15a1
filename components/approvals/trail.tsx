import { Paper, Text } from "@mantine/core";
import { exactWords } from "@/components/status/exact-time";
import { RelativeTime } from "@/components/status/relative-time";
import type { TrailEntry } from "@/lib/approvals/schema";
import { trailDetails, trailWords } from "@/lib/approvals/words";
import classes from "./trail.module.css";

/** Everything that happened to an approval, in order. Nothing of it can be changed. */
export function Trail({ trail }: { trail: TrailEntry[] }) {
  return (
    <Paper component="ol" className={classes["trail"] ?? ""} aria-label="Audit trail">
      {trail.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing comes between entries, or goes.
        <li key={at} className={classes["entry"]}>
          <Entry entry={entry} />
        </li>
      ))}
    </Paper>
  );
}

function Entry({ entry }: { entry: TrailEntry }) {
  const { what, way } = trailWords(entry);
  const details = trailDetails(entry);
  const notes = entry.details["notes"];
  return (
    <>
      <div className={classes["when"]}>
        {exactWords(entry.at)}
        <Text size="xs" c="dimmed">
          <RelativeTime at={entry.at} />
        </Text>
      </div>
      <div className={classes["what"]}>
        <Text size="sm" span fw={500}>
          {what}
        </Text>{" "}
        <Text size="sm" span>
          {whoWords(entry)} {way}
        </Text>
        {typeof notes === "string" && notes !== "" && <div className={classes["notes"]}>{notes}</div>}
        {details.length > 0 && (
          <Text size="xs" c="dimmed">
            {details.map(([label, value]) => `${label}: ${value}`).join(" · ")}
          </Text>
        )}
      </div>
    </>
  );
}

/** Whom a notice went to, or who did something. */
function whoWords({ kind, actor, via }: TrailEntry): string {
  if (via === "sweeper" || actor === "timeout") return "";
  return kind === "notified" ? actor : `by ${actor}`;
}
