"use client";

import { Paper, Text } from "@mantine/core";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { InstanceWord } from "@/components/workflows/words";
import { usdWords } from "@/lib/core/money";
import { visible } from "@/lib/core/visible";
import { compareHref } from "@/lib/replay/compare-address";
import { type FamilyNode, familyTrees, madeWords, nodeName, originWords } from "@/lib/replay/family";
import type { LineageNode } from "@/lib/replay/schema";
import classes from "./lineage.module.css";

type Props = { projectId: string; id: string; nodes: LineageNode[] };

/** Where an instance comes from, in one line; nothing for one that was made from no other. */
export function OriginLine({ projectId, id, nodes }: Props) {
  const node = nodes.find((one) => one.id === id);
  const origin = nodes.find((one) => one.id === node?.origin_instance_id);
  const words = node === undefined ? null : originWords(node, origin);
  if (words === null) return null;
  return (
    <Text size="sm" data-testid="origin" style={{ overflowWrap: "anywhere" }}>
      {visible(words)}{" "}
      {origin?.instance != null && (
        <TextLink href={`/projects/${projectId}/instances/${origin.id}`} size="sm" underline="always">
          Open the origin
        </TextLink>
      )}
    </Text>
  );
}

/** From this depth on nothing is drawn further to the right. */
const MAX_DEPTH = 5;

/** All that were made from one another, as a tree; nothing for an instance that stands alone. */
export function LineageSection({ projectId, id, nodes, isWhole }: Props & { isWhole: boolean }) {
  if (nodes.length < 2) return null;
  const present = nodes.find((one) => one.id === id);
  return (
    <Section title="Made from one another" {...(!isWhole && { description: "The first 200 of them." })}>
      <Paper p="xs">
        <ul className={classes["tree"]} aria-label="Lineage">
          {familyTrees(nodes).map((tree) => (
            <Branch key={tree.node.id} projectId={projectId} present={present} tree={tree} depth={0} />
          ))}
        </ul>
      </Paper>
    </Section>
  );
}

type BranchProps = { projectId: string; present: LineageNode | undefined; tree: FamilyNode; depth: number };

function Branch({ projectId, present, tree: { node, children }, depth }: BranchProps) {
  return (
    <li className={classes["item"]}>
      <Node projectId={projectId} node={node} present={present} />
      {children.length > 0 && (
        <ul data-deep={depth >= MAX_DEPTH || undefined}>
          {children.map((child) => (
            <Branch key={child.node.id} projectId={projectId} present={present} tree={child} depth={depth + 1} />
          ))}
        </ul>
      )}
    </li>
  );
}

const count = (steps: number): string => (steps === 1 ? "1 step" : `${steps.toLocaleString("en")} steps`);

type NodeProps = { projectId: string; node: LineageNode; present: LineageNode | undefined };

function Node({ projectId, node, present }: NodeProps) {
  const { instance, reason } = node;
  const isPresent = node.id === present?.id;
  if (instance === null)
    return (
      <div className={classes["node"]}>
        <span className={classes["words"]}>An instance that is gone</span>
      </div>
    );
  const made = madeWords(node);
  const facts = [made, count(instance.total_steps), usdWords(instance.total_cost_usd), reason];
  return (
    <div className={classes["node"]} data-present={isPresent || undefined}>
      {isPresent ? (
        <Text span fw={700} size="sm" aria-current="page">
          {nodeName(node)}, this one
        </Text>
      ) : (
        <TextLink href={`/projects/${projectId}/instances/${node.id}`} fw={500} size="sm">
          {nodeName(node)}
        </TextLink>
      )}
      <InstanceWord status={instance.status} />
      <span className={classes["words"]}>
        {facts.flatMap((fact) => (fact === null ? [] : visible(fact))).join(" · ")}
      </span>
      {!isPresent && present !== undefined && (
        <TextLink href={betweenHref(projectId, node, present)} size="sm" className={classes["end"] ?? ""}>
          Compare with {nodeName(node)}
        </TextLink>
      )}
    </div>
  );
}

/** The older of two stands left. */
function betweenHref(projectId: string, one: LineageNode, other: LineageNode): string {
  const [a, b] = (one.instance?.seq ?? 0) < (other.instance?.seq ?? 0) ? [one, other] : [other, one];
  return compareHref(projectId, a.id, b.id);
}
