import { Text } from "@mantine/core";
import { inWords } from "@/lib/core/time";
import { groupStages, type ShownStage } from "@/lib/workflows/detail/stage-groups";
import classes from "./stage-circles.module.css";

/** Stages in a row of numbered circles, branches of a stage below each other, with names and how long each may be waited for. */
export function StageCircles({ stages, label }: { stages: ShownStage[]; label: string }) {
  return (
    <ol className={classes["stages"]} aria-label={label}>
      {groupStages(stages).map(({ first, branches }) => (
        <li key={first} className={classes["group"]}>
          {branches.map(({ path, name, timeoutSeconds }) => (
            <div key={path} className={classes["stage"]} data-branch={path.includes(".") || undefined}>
              <span className={classes["circle"]}>{path}</span>
              <Text component="span" size="sm" fw={500} className={classes["name"] ?? ""}>
                {name ?? `Stage ${path}`}
              </Text>
              {timeoutSeconds !== null && (
                <Text component="span" size="xs" c="dimmed" className={classes["name"] ?? ""}>
                  within {inWords(timeoutSeconds * 1000)}
                </Text>
              )}
            </div>
          ))}
        </li>
      ))}
    </ol>
  );
}
