import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { PageHeader } from "@/components/layout/page-header";
import { ChooseOther } from "@/components/replay/compare/choose-other";
import { CompareBoard } from "@/components/replay/compare/compare-board";
import { CompareHead } from "@/components/replay/compare/compare-head";
import type { Caller } from "@/lib/auth/caller";
import { asPage, requireMember } from "@/lib/auth/page";
import { readSearch } from "@/lib/core/search-query";
import { getComparisonView, listComparable } from "@/lib/replay/compare-queries";
import { fromRowColumns } from "@/lib/replay/compare-rows";
import { comparisonSentence, namesOf } from "@/lib/replay/compare-words";
import { CompareSearch } from "@/lib/replay/schema";

type Props = PageProps<"/projects/[project]/instances/compare">;

export const metadata: Metadata = { title: "Compare instances" };

const SAME = "An instance never differs from itself. Choose the one that went otherwise.";

/** Nothing to compare: what this page is for. */
function Nothing({ project }: { project: string }) {
  return (
    <EmptyState
      title="Choose an instance to begin with"
      text="Open an instance and press Compare: this page then shows it beside another, step by step, and where they part."
    >
      <LinkButton variant="default" href={`/projects/${project}/workflows`}>
        Open workflows
      </LinkButton>
    </EmptyState>
  );
}

type Asked = { caller: Caller; id: string; isSame: boolean };

async function Chooser({ caller, id, isSame }: Asked) {
  const { projectId } = caller;
  const comparable = await listComparable(caller, id).catch(asPage);
  const { one } = comparable;
  const workflows = `/projects/${projectId}/workflows`;
  return (
    <Stack gap="xl">
      <PageHeader
        title={`Compare #${one.seq} with …`}
        crumbs={[
          { label: "Workflows", href: workflows },
          { label: one.workflow.name, href: `${workflows}/${one.workflow.id}` },
          { label: `#${one.seq}`, href: `/projects/${projectId}/instances/${id}` },
        ]}
      />
      {isSame && <EmptyState title="These are one and the same" text={SAME} />}
      <ChooseOther projectId={projectId} {...comparable} />
    </Stack>
  );
}

export default async function ComparePage({ params, searchParams }: Props) {
  const { project } = await params;
  const { a, b, row, only } = await readSearch(CompareSearch, searchParams);
  const caller = await requireMember(project);
  const id = a ?? b;
  if (id === undefined)
    return (
      <Stack gap="xl">
        <PageHeader title="Compare instances" />
        <Nothing project={project} />
      </Stack>
    );
  if (a === undefined || b === undefined || a === b) return <Chooser caller={caller} id={id} isSame={a === b} />;
  const view = await getComparisonView(caller, a, b).catch(asPage);
  const names = namesOf(view.a, view.b);
  const sentence = comparisonSentence(fromRowColumns(view.rows), view.divergence, names);
  return (
    <Stack gap="xl">
      <CompareHead projectId={project} view={view} names={names} sentence={sentence} />
      <CompareBoard
        // Another pair is another page.
        key={`${a} ${b}`}
        projectId={project}
        view={view}
        names={names}
        initial={{ row: row ?? null, isOnly: only !== undefined }}
      />
    </Stack>
  );
}
