import { depthOf } from "@/lib/workflows/path";
import type { TrackStep } from "./columns";

/** What is known of one path of an instance. */
export type Stage = {
  path: string;
  name: string | null;
  /** Of its newest step, like the agent; a path without a step is still awaited. */
  status: "healthy" | "failed" | "pending";
  agent: string | null;
  /** How often it came, and the number of the step that came last; null for none. */
  count: number;
  step: number | null;
};

/** A line of the stage tree; a group stands above paths that came without it. */
export type StageNode = Omit<Stage, "status"> & { status: Stage["status"] | "group"; depth: number };

/** The stages of an instance, told from its steps one by one. */
export class StageTally {
  readonly #stages = new Map<string, Stage>();
  #listed: readonly Stage[] | null = null;

  /** Takes what is known of stages from elsewhere. */
  constructor(known: readonly Stage[] = []) {
    for (const stage of known) this.#stages.set(stage.path, stage);
  }

  take({ path, name, agent, isFailed }: TrackStep, step: number): void {
    this.#listed = null;
    const before = this.#stages.get(path);
    this.#stages.set(path, {
      path,
      name: name ?? before?.name ?? null,
      status: isFailed ? "failed" : "healthy",
      agent,
      count: (before?.count ?? 0) + 1,
      step,
    });
  }

  /** In the order of their first arrival; the same list until the next step. */
  get stages(): readonly Stage[] {
    this.#listed ??= [...this.#stages.values()];
    return this.#listed;
  }
}

type Keyed = { key: number[]; node: StageNode };

const keyOf = (path: string): number[] => path.split(".").map(Number);

/** As a person counts: 1, 2, 2.1, 2.10, 3. The keys are split once, because a sort looks at each many times. */
function inOrder({ key: a }: Keyed, { key: b }: Keyed): number {
  for (let level = 0; level < Math.min(a.length, b.length); level += 1) {
    const difference = (a[level] ?? 0) - (b[level] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

const groupAt = (path: string): StageNode => ({
  path,
  name: null,
  status: "group",
  agent: null,
  count: 0,
  step: null,
  depth: depthOf(path),
});

/**
 * The stages as lines of a tree in the order of their paths, each below what it is part of; where nothing came for a path
 * that others are part of, a group stands for it. `pending` are those awaited, of which the ones that came are left out.
 */
export function stageTree(
  stages: readonly Stage[],
  pending: readonly { path: string; name: string | null }[],
): StageNode[] {
  const nodes = new Map<string, StageNode>();
  const add = (node: StageNode): void => {
    if (!nodes.has(node.path)) nodes.set(node.path, node);
  };
  // What is awaited names a stage that came without a name.
  const names = new Map(pending.map(({ path, name }) => [path, name]));
  for (const stage of stages)
    add({ ...stage, name: stage.name ?? names.get(stage.path) ?? null, depth: depthOf(stage.path) });
  for (const { path, name } of pending) add({ ...groupAt(path), name, status: "pending" });
  for (const path of [...nodes.keys()])
    for (let dot = path.lastIndexOf("."); dot > 0; dot = path.lastIndexOf(".", dot - 1))
      add(groupAt(path.slice(0, dot)));
  return [...nodes.values()]
    .map((node) => ({ key: keyOf(node.path), node }))
    .sort(inOrder)
    .map(({ node }) => node);
}
