import { Paper, Stack } from "@mantine/core";
import type { Metadata } from "next";
import { AlertCard } from "@/components/alerts/alert-card";
import classes from "@/components/alerts/alert-card.module.css";
import { AlertFilter } from "@/components/alerts/alert-filter";
import { EmptyState } from "@/components/layout/empty-state";
import { LinkButton } from "@/components/layout/link-button";
import { ListPager } from "@/components/layout/list-pager";
import { PageHeader } from "@/components/layout/page-header";
import { listDeliveriesOf } from "@/lib/alerts/latest";
import { listAlerts } from "@/lib/alerts/queries";
import { ListAlerts } from "@/lib/alerts/schema";
import { asPage, requireMember } from "@/lib/auth/page";
import { listFrom, readSearch } from "@/lib/core/search-query";

export const metadata: Metadata = { title: "Alerts" };

const SHOWN = 25;

function NoAlerts({ path, query, hasAny }: { path: string; query: ListAlerts; hasAny: boolean }) {
  if (!hasAny)
    return (
      <EmptyState
        title="No alerts yet"
        text="When a check goes down or comes back, or a workflow fails, it is told here and to their channels."
      />
    );
  if (query.status === "open" && query.type === undefined)
    return (
      <EmptyState
        title="All clear"
        text="Nothing waits for anybody. Every alert so far has been acknowledged or is over. Well kept."
      >
        <LinkButton href={path} variant="default" size="sm">
          See what has been
        </LinkButton>
      </EmptyState>
    );
  return (
    <EmptyState title="Nothing matches" text="There are alerts, but none of this status and type.">
      <LinkButton href={path} variant="default" size="sm">
        Show all
      </LinkButton>
    </EmptyState>
  );
}

export default async function AlertsPage({ params, searchParams }: PageProps<"/projects/[project]/alerts">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const query = { ...(await readSearch(ListAlerts, searchParams)), limit: SHOWN };
  const { items, nextCursor } = await listFrom((asked) => listAlerts(caller, asked), query).catch(asPage);
  const [deliveries, any] = await Promise.all([
    listDeliveriesOf(
      caller,
      items.map((alert) => alert.id),
    ),
    items.length > 0 ? { items } : listAlerts(caller, { limit: 1 }),
  ]);
  const path = `/projects/${project}/alerts`;
  const hasAny = any.items.length > 0;
  return (
    <Stack gap="lg">
      <PageHeader title="Alerts" />
      {hasAny && <AlertFilter />}
      {items.length === 0 && <NoAlerts path={path} query={query} hasAny={hasAny} />}
      {items.length > 0 && (
        <Paper component="ul" className={classes["list"] ?? ""}>
          {items.map((alert) => (
            <AlertCard
              key={alert.id}
              alert={alert}
              deliveries={deliveries.filter((delivery) => delivery.alert_id === alert.id)}
              projectId={project}
              canWrite={caller.scopes.has("write")}
            />
          ))}
        </Paper>
      )}
      <ListPager
        path={path}
        search={{ status: query.status, type: query.type, subject_id: query.subject_id }}
        cursor={query.cursor}
        nextCursor={nextCursor}
      />
    </Stack>
  );
}
