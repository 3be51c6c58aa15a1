import { STRIP_LENGTH, type StripInstance, stripWords } from "@/lib/workflows/list/strip-words";
import classes from "./instance-strip.module.css";

/** The newest instances, one bar each, the newest at the right. In words for those who do not see it, and on hover. */
export function InstanceStrip({ strip }: { strip: StripInstance[] }) {
  const words = stripWords(strip);
  const empty = Array.from({ length: STRIP_LENGTH - strip.length }, (_, at) => at);
  return (
    <span className={classes["strip"]} role="img" aria-label={words} title={words}>
      {empty.map((at) => (
        <span key={at} className={classes["bar"]} />
      ))}
      {strip.map(({ id, status }) => (
        <span key={id} className={classes["bar"]} data-status={status} />
      ))}
    </span>
  );
}
