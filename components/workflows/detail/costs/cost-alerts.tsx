import { Badge, Group, Paper, Stack, Text } from "@mantine/core";
import card from "@/components/alerts/alert-card.module.css";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { TextLink } from "@/components/layout/text-link";
import { UrlSegments } from "@/components/layout/url-segments";
import { RelativeTime } from "@/components/status/relative-time";
import { InstanceWord } from "@/components/workflows/words";
import { labelOf } from "@/lib/alerts/subject-line";
import type { Page } from "@/lib/core/cursor";
import type { CostAlertLine } from "@/lib/costs/tab/alert-rows";
import type { WorkflowSearch } from "@/lib/workflows/detail/search";
import { CostAlertActions } from "./cost-alert-actions";
import type { Place } from "./place";

const SHOWN = [
  { value: "", label: "Open" },
  { value: "all", label: "All" },
];

type Props = { place: Place; page: Page<CostAlertLine>; search: WorkflowSearch };

/** What was told of the costs of a workflow, and what can be done about it. */
export function CostAlerts({ place, page, search: { alerts, days, cursor } }: Props) {
  const search = { tab: "costs", alerts, days: days === "30" ? undefined : days };
  return (
    <Section title="Cost alerts" action={<UrlSegments name="alerts" label="Alerts" options={SHOWN} />}>
      {page.items.length === 0 ? (
        <EmptyState
          title={alerts === "all" ? "Nothing was told yet" : "No alert is open"}
          text="When an instance meets its budget, the day is above its limit, or something costs more than usual, it is told here and to the channels of the workflow."
        />
      ) : (
        <Paper component="ul" className={card["list"] ?? ""} aria-label="Cost alerts">
          {page.items.map((alert) => (
            <AlertLine key={alert.id} alert={alert} place={place} />
          ))}
        </Paper>
      )}
      <ListPager path={place.path} search={search} cursor={cursor} nextCursor={page.nextCursor} />
    </Section>
  );
}

function AlertLine({ alert, place }: { alert: CostAlertLine; place: Place }) {
  const { type, severity, message, createdAt, resolvedAt, instance } = alert;
  return (
    <li className={card["card"]} data-severity={severity} data-open={resolvedAt === null}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0} style={{ flex: "1 1 300px" }}>
          <Group gap="xs">
            <Badge variant="default" radius="sm">
              {labelOf(type)}
            </Badge>
            {instance !== null && (
              <>
                <TextLink href={`/projects/${place.projectId}/instances/${instance.id}`} fw={500}>
                  Instance #{instance.seq}
                </TextLink>
                <InstanceWord status={instance.status} />
              </>
            )}
          </Group>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {message}
          </Text>
          <Text size="sm" c="dimmed" component="p" m={0}>
            <RelativeTime at={createdAt} />
            {resolvedAt !== null && (
              <>
                {" "}
                · Resolved <RelativeTime at={resolvedAt} />
              </>
            )}
            {instance?.isExpected === true && " · Its cost was expected"}
          </Text>
        </Stack>
        {place.canWrite && <CostAlertActions alert={alert} projectId={place.projectId} />}
      </Group>
    </li>
  );
}
