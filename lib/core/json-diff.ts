import diff from "microdiff";

/** One place where two JSON values differ. `path` is a JSON pointer (RFC 6901); "" is the whole. */
export type JsonChange = { path: string; is: "added" | "removed" | "changed"; before?: unknown; after?: unknown };

/** A copy whose objects inherit nothing: names such as `constructor` are then members like any other. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value === 0 ? 0 : value;
  const copy = Object.create(null);
  for (const [name, member] of Object.entries(value)) copy[name] = bare(member);
  return copy;
}

const pointer = (path: (string | number)[]): string =>
  path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** What has to change so that `a` becomes `b`, at the deepest places; lists are compared place by place. Takes what came out of JSON. */
export function jsonDiff(a: unknown, b: unknown): JsonChange[] {
  // What comes out of JSON has no cycles.
  return diff({ of: bare(a) }, { of: bare(b) }, { cyclesFix: false }).map((change): JsonChange => {
    const path = pointer(change.path.slice(1));
    if (change.type === "CREATE") return { path, is: "added", after: change.value };
    if (change.type === "REMOVE") return { path, is: "removed", before: change.oldValue };
    return { path, is: "changed", before: change.oldValue, after: change.value };
  });
}
