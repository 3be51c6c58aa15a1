/** The place of the largest rise from one number to the next in a stretch that begins at `first`, which is at least 1. */
function steepest(values: readonly number[], first: number, end: number): number {
  const riseTo = (at: number): number => Math.abs((values[at] ?? 0) - (values[at - 1] ?? 0));
  let best = first;
  for (let at = first + 1; at < end; at += 1) if (riseTo(at) > riseTo(best)) best = at;
  return best;
}

/**
 * Which of some numbers to draw so that at most `max` (at least 4) are left: the first and the last, and in each of many
 * equal stretches both ends of its largest step, so that no jump becomes a slope. Gives their places in order.
 */
export function thin(values: readonly number[], max: number): number[] {
  if (values.length <= max) return values.map((_, at) => at);
  const stretches = Math.floor((max - 2) / 2);
  const last = values.length - 1;
  const kept = new Set([0, last]);
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const first = 1 + Math.floor((stretch / stretches) * last);
    const end = 1 + Math.floor(((stretch + 1) / stretches) * last);
    const at = steepest(values, first, end);
    kept.add(at - 1).add(at);
  }
  return [...kept].sort((a, b) => a - b);
}
