import { Group, Paper, Stack, Text } from "@mantine/core";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { TextLink } from "@/components/layout/text-link";
import { InstanceWord } from "@/components/workflows/words";
import { compareHref } from "@/lib/replay/compare-address";
import type { ComparisonView } from "@/lib/replay/compare-queries";
import { type Names, totalLines } from "@/lib/replay/compare-words";
import type { Aggregates } from "@/lib/replay/schema";
import classes from "./compare.module.css";

type Props = { projectId: string; view: ComparisonView; names: Names; sentence: string };

/** Which two are compared, where they part in one sentence, and their totals. */
export function CompareHead({ projectId, view: { a, b }, names, sentence }: Props) {
  const workflows = `/projects/${projectId}/workflows`;
  return (
    <Stack gap="md">
      <PageHeader
        title={`${names.a} beside ${names.b}`}
        crumbs={[
          { label: "Workflows", href: workflows },
          { label: a.workflow.name, href: `${workflows}/${a.workflow.id}` },
        ]}
        action={
          <Group gap="xs">
            <LinkButton variant="default" size="sm" href={compareHref(projectId, b.id, a.id)}>
              Swap
            </LinkButton>
            <LinkButton variant="default" size="sm" href={compareHref(projectId, a.id)}>
              Choose another
            </LinkButton>
          </Group>
        }
      />
      <Group gap="4px 24px">
        {[
          { one: a, name: names.a },
          { one: b, name: names.b },
        ].map(({ one, name }) => (
          <Group key={one.id} gap={10}>
            <TextLink href={`/projects/${projectId}/instances/${one.id}`} size="sm" fw={600}>
              {name}
            </TextLink>
            <InstanceWord status={one.status} />
          </Group>
        ))}
      </Group>
      <Text size="lg" data-testid="sentence" style={{ overflowWrap: "anywhere" }}>
        {sentence}
      </Text>
      <Paper p="md">
        <Totals a={a.totals} b={b.totals} names={names} />
      </Paper>
    </Stack>
  );
}

type TotalsProps = { a: Aggregates; b: Aggregates; names: Names };

function Totals({ a, b, names }: TotalsProps) {
  return (
    <table className={`${classes["facts"]} ${classes["totals"]}`} aria-label="Totals">
      <thead>
        <tr>
          {["Total", names.a, names.b, "Difference"].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {totalLines(a, b).map((line) => (
          <tr key={line.label}>
            <th scope="row">{line.label}</th>
            <td>{line.a}</td>
            <td>{line.b}</td>
            <td>{line.difference}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
