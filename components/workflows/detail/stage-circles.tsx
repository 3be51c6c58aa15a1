import { Text } from "@mantine/core";
import { inWords } from "@/lib/core/time";
import classes from "./stage-circles.module.css";

export type ShownStage = { path: string; name: string | null; timeoutSeconds: number | null };

/** Stages in a row of numbered circles, with what they are called and how long each may be waited for. */
export function StageCircles({ stages, label }: { stages: ShownStage[]; label: string }) {
  return (
    <ol className={classes["stages"]} aria-label={label}>
      {stages.map(({ path, name, timeoutSeconds }) => (
        <li key={path} className={classes["stage"]} data-branch={path.includes(".") || undefined}>
          <span className={classes["circle"]}>{path}</span>
          <Text component="span" size="sm" fw={500} className={classes["name"] ?? ""}>
            {name ?? "No name"}
          </Text>
          {timeoutSeconds !== null && (
            <Text component="span" size="xs" c="dimmed">
              within {inWords(timeoutSeconds * 1000)}
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}
