import type { LineageNode } from "./schema";

/** An instance with those that were made of it. */
export type FamilyNode = { node: LineageNode; children: FamilyNode[] };

/** Instances that were made from one another, as trees, in the order in which they are given. What is not there is no parent. */
export function familyTrees(nodes: readonly LineageNode[]): FamilyNode[] {
  const known = new Map(nodes.map((node): [string, FamilyNode] => [node.id, { node, children: [] }]));
  const roots: FamilyNode[] = [];
  for (const one of known.values()) {
    const parent = known.get(one.node.origin_instance_id ?? "");
    (parent === undefined ? roots : parent.children).push(one);
  }
  return roots;
}

/** What an instance is called, also when it is gone. */
export const nodeName = ({ instance }: LineageNode): string =>
  instance === null ? "an instance that is gone" : `#${instance.seq}`;

/** How an instance came to be, in words without a full stop; null for one that was made from no other. */
export function madeWords({ kind, fork_from_stage: stage, actor }: LineageNode): string | null {
  if (kind === null) return null;
  const how = kind === "fork" ? `Forked at stage ${stage ?? "?"}` : "Run again";
  return actor === null ? how : `${how} by ${actor}`;
}

/** Where an instance comes from, in one sentence: `Forked from #12 at stage 2 by Ann: reason`. Null for one that was made from no other. */
export function originWords(node: LineageNode, origin: LineageNode | undefined): string | null {
  if (node.kind === null) return null;
  const name = origin === undefined ? "another instance" : nodeName(origin);
  const how =
    node.kind === "fork" ? `Forked from ${name} at stage ${node.fork_from_stage ?? "?"}` : `${name} run again`;
  const text = node.actor === null ? how : `${how} by ${node.actor}`;
  const said = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return node.reason === null ? `${said}.` : `${said}: ${node.reason}`;
}
