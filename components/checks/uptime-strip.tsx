import { type DayState, daysInWords } from "@/lib/checks/list/daily";
import classes from "./uptime-strip.module.css";

/** The last days, one bar each: the taller, the worse. In words for those who do not see it, and on hover. */
export function UptimeStrip({ days }: { days: DayState[] }) {
  const words = daysInWords(days);
  return (
    <span className={classes["strip"]} role="img" aria-label={words} title={words}>
      {days.map((state, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place in the strip.
        <span key={index} className={classes["day"]} data-state={state} />
      ))}
    </span>
  );
}
