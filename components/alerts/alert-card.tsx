import { Badge, Group, Stack, Text } from "@mantine/core";
import { DeliveryState } from "@/components/channels/delivery-state";
import { TextLink } from "@/components/layout/text-link";
import { RelativeTime } from "@/components/status/relative-time";
import type { AlertDelivery } from "@/lib/alerts/latest";
import type { Alert } from "@/lib/alerts/schema";
import { labelOf } from "@/lib/alerts/subject-line";
import { subjectPage } from "@/lib/alerts/subject-page";
import { AlertActions } from "./alert-actions";
import classes from "./alert-card.module.css";

type Props = { alert: Alert; deliveries: AlertDelivery[]; projectId: string; canWrite: boolean };

function Subject({ alert, projectId }: { alert: Alert; projectId: string }) {
  const page = subjectPage(alert);
  if (page === null) return <Text fw={500}>{alert.subject.name}</Text>;
  return (
    <TextLink href={`/projects/${projectId}/${page}`} fw={500} style={{ overflowWrap: "anywhere" }}>
      {alert.subject.name}
    </TextLink>
  );
}

/** Where an alert stands, in words. News that was over when it came is just news. */
function Standing({ alert }: { alert: Alert }) {
  const { acknowledged_at: acknowledged, resolved_at: resolved, occurred_at: occurred } = alert;
  if (resolved !== null)
    return resolved === occurred ? (
      <>Nothing to do</>
    ) : (
      <>
        Resolved <RelativeTime at={resolved} />
      </>
    );
  if (acknowledged === null) return <>Open</>;
  return (
    <>
      Acknowledged <RelativeTime at={acknowledged} />
    </>
  );
}

/** The channel a delivery went to, or whom it went to directly, where nothing else says why it failed. */
function Receiver({ delivery, projectId }: { delivery: AlertDelivery; projectId: string }) {
  const { channel_id: channelId, channel_name: name, recipient, status, error } = delivery;
  if (channelId === null)
    return (
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        {recipient}
        {status === "failed" && ` (${error})`}
      </Text>
    );
  if (name === null)
    return (
      <Text size="sm" c="dimmed">
        deleted channel
      </Text>
    );
  return (
    <TextLink href={`/projects/${projectId}/channels/${channelId}`} size="sm" style={{ overflowWrap: "anywhere" }}>
      {name}
    </TextLink>
  );
}

/** One alert: what happened to what, where it stands, and whom it reached. */
export function AlertCard({ alert, deliveries, projectId, canWrite }: Props) {
  const isUnresolved = alert.resolved_at === null;
  return (
    <li className={classes["card"]} data-severity={alert.severity} data-open={isUnresolved}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0} style={{ flex: "1 1 300px" }}>
          <Group gap="xs">
            <Badge variant="default" radius="sm">
              {labelOf(alert.type)}
            </Badge>
            <Subject alert={alert} projectId={projectId} />
          </Group>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {alert.message}
          </Text>
          <Text size="sm" c="dimmed" component="p" m={0}>
            <RelativeTime at={alert.occurred_at} /> · <Standing alert={alert} />
          </Text>
          {deliveries.length > 0 && (
            <ul className={classes["deliveries"]} aria-label="Deliveries">
              {deliveries.map((delivery) => (
                <li key={delivery.id}>
                  <Group gap={8} wrap="nowrap">
                    <Receiver delivery={delivery} projectId={projectId} />
                    <DeliveryState delivery={delivery} />
                  </Group>
                </li>
              ))}
            </ul>
          )}
        </Stack>
        {canWrite && isUnresolved && <AlertActions alert={alert} projectId={projectId} />}
      </Group>
    </li>
  );
}
