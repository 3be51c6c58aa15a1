import { Paper, Stack } from "@mantine/core";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { UrlSegments } from "@/components/layout/url-segments";
import type { Delivery, ListDeliveries } from "@/lib/alerts/schema";
import classes from "./channel-line.module.css";
import { DeliveryLine } from "./delivery-line";

type Props = {
  path: string;
  projectId: string;
  canWrite: boolean;
  /** Whether what is done here may only have been kept. */
  isKept: boolean;
  query: ListDeliveries;
  log: { items: Delivery[]; nextCursor: string | null };
};

const statuses = (isKept: boolean) => [
  { value: "", label: "All" },
  { value: "pending", label: "Waiting" },
  { value: "sent", label: isKept ? "Sent or kept" : "Sent" },
  { value: "failed", label: "Failed" },
];

/** The delivery log of a channel. */
export function DeliveryLog({ path, projectId, canWrite, isKept, query, log: { items, nextCursor } }: Props) {
  if (items.length === 0 && query.status === undefined)
    return (
      <EmptyState
        title="Nothing sent yet"
        text="The first alert of a check or workflow that uses this channel will be here, with the receiver's answer."
      />
    );
  return (
    <Stack gap="sm">
      <UrlSegments name="status" label="Status of deliveries" options={statuses(isKept)} />
      {items.length === 0 ? (
        <EmptyState
          title={query.status === "failed" ? "Nothing has failed" : "Nothing matches"}
          text={query.status === "failed" ? "Everything sent here got through." : "No delivery has this status."}
        />
      ) : (
        <Paper component="ul" className={classes["list"] ?? ""}>
          {items.map((delivery) => (
            <DeliveryLine key={delivery.id} delivery={delivery} projectId={projectId} canWrite={canWrite} />
          ))}
        </Paper>
      )}
      <ListPager path={path} search={{ status: query.status }} cursor={query.cursor} nextCursor={nextCursor} />
    </Stack>
  );
}
