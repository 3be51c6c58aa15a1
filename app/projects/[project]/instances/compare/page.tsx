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
import { AppError } from "@/lib/core/errors";
import { readSearch } from "@/lib/core/search-query";
import { getComparisonView, listComparable } from "@/lib/replay/compare-queries";
import { fromRowColumns } from "@/lib/replay/compare-rows";
import { comparisonSentence, namesOf } from "@/lib/replay/compare-words";
import { CompareSearch } from "@/lib/replay/schema";

type Props = PageProps<"/projects/[project]/instances/compare">;

export const metadata: Metadata = { title: "Compare instances" };

type Problem = { title: string; text: string };

const SAME: Problem = {
  title: "These are one and the same",
  text: "An instance never differs from itself. Choose the one that went otherwise.",
};

/** What there is to say of two instances that are too large to be compared. */
function tooLarge(error: unknown): Problem {
  if (!(error instanceof AppError) || error.code !== "payload_too_large") throw error;
  return { title: "These are too large to be compared", text: `${error.message} Choose another one.` };
}

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

type Asked = { caller: Caller; id: string; problem: Problem | null };

async function Chooser({ caller, id, problem }: Asked) {
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
      {problem !== null && <EmptyState {...problem} />}
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
  if (a === undefined || b === undefined || a === b)
    return <Chooser caller={caller} id={id} problem={a === b ? SAME : null} />;
  const view = await getComparisonView(caller, a, b).catch(tooLarge).catch(asPage);
  if ("text" in view) return <Chooser caller={caller} id={a} problem={view} />;
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
