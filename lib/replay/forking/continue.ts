import { KEY } from "@/lib/workflows/detail/snippets";
import { comparePaths } from "@/lib/workflows/path";

type Known = { kind: "static" | "dynamic"; reached: readonly string[]; pending: readonly string[] };

/** The stage that should come next: the first of those awaited that did not come. Null when none is known. */
export function nextStage({ reached, pending }: Omit<Known, "kind">): string | null {
  const come = new Set(reached);
  return pending.filter((path) => !come.has(path)).toSorted(comparePaths)[0] ?? null;
}

type Stages = { stages: readonly { path: string }[]; pending: readonly { path: string }[] };

/** The paths of all stages of an instance, those that came and those still awaited, as a person counts. */
export const allStages = ({ stages, pending }: Stages): string[] =>
  [...new Set([...stages, ...pending].map(({ path }) => path))].sort(comparePaths);

type Going = Known & { url: string; instanceId: string };

/** What goes on with an instance from a shell: reports its next stage by name. `url` is where its stages are reported. */
export function continueCommand({ url, instanceId, ...known }: Going): string {
  const stage = `${known.kind === "static" ? "stage" : "stagePath"}=${nextStage(known) ?? "NEXT"}`;
  return `curl -fsS "${url}?${stage}&instance_id=${instanceId}&key=${KEY}" -H "Content-Type: application/json" -d '{"payload":{}}'`;
}
