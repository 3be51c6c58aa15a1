import type { Span } from "./span";

type Linked = Pick<Span, "spanId" | "parentSpanId">;

function childrenOf<S extends Linked>(spans: readonly S[]): Map<string, S[]> {
  const children = new Map<string, S[]>();
  for (const span of spans) {
    if (span.parentSpanId === null) continue;
    const known = children.get(span.parentSpanId);
    if (known === undefined) children.set(span.parentSpanId, [span]);
    else known.push(span);
  }
  return children;
}

/** Whether none comes after what it lies in. */
function areInOrder(spans: readonly Linked[]): boolean {
  const seen = new Set<string>();
  for (const { spanId, parentSpanId } of spans) {
    if (parentSpanId !== null && seen.has(parentSpanId)) return false;
    seen.add(spanId);
  }
  return true;
}

/**
 * Spans as they came, each after those below it. Exporters send them in the order in which they ended; their times would not
 * do, because many clocks tell no less than a millisecond.
 */
export function childrenFirst<S extends Linked>(spans: readonly S[]): readonly S[] {
  if (areInOrder(spans)) return spans;
  const children = childrenOf(spans);
  const inOrder: S[] = [];
  const opened = new Set<S>();
  const closed = new Set<S>();
  // Not by recursion: who sends spans chooses how deep they lie.
  const open = (span: S, stack: S[]): void => {
    opened.add(span);
    for (const child of (children.get(span.spanId) ?? []).toReversed()) if (!opened.has(child)) stack.push(child);
  };
  for (const span of spans) {
    const stack = [span];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (!opened.has(top)) {
        open(top, stack);
        continue;
      }
      stack.pop();
      if (!closed.has(top)) inOrder.push(top);
      closed.add(top);
    }
  }
  return inOrder;
}
