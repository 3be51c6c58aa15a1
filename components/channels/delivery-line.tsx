"use client";

import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useChange } from "@/components/layout/use-change";
import { RelativeTime } from "@/components/status/relative-time";
import { deliveryDetail, retryDelivery } from "@/lib/alerts/client";
import type { Delivery } from "@/lib/alerts/schema";
import classes from "./channel-line.module.css";
import { DeliveryState } from "./delivery-state";

type Props = { delivery: Delivery; projectId: string; canWrite: boolean };

const attemptWords = (attempts: number) => (attempts === 1 ? "1 attempt" : `${attempts} attempts`);

const KEPT = "Kept here: no mail service was set up.";

/** What the receiver answered, as far as it did. */
function answerWords({ status, response_status: code, error }: Delivery): string {
  if (error !== null) return error;
  if (code !== null) return `HTTP ${code}`;
  return status === "sent" ? KEPT : "No answer yet.";
}

/** One delivery in a log, with its message on demand and a retry when it failed. */
export function DeliveryLine({ delivery, projectId, canWrite }: Props) {
  const [isOpen, setOpen] = useState(false);
  const retry = useChange({ ...retryDelivery(projectId, delivery.id), done: "It is being sent again." });
  return (
    <li className={classes["line"]}>
      <Stack gap={2} miw={0} className={classes["main"] ?? ""}>
        <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>
          {delivery.subject}
        </Text>
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {delivery.recipient !== null && <>To {delivery.recipient} · </>}
          {answerWords(delivery)} · {attemptWords(delivery.attempts)} · <RelativeTime at={delivery.created_at} />
          {delivery.next_attempt_at !== null && delivery.attempts > 0 && (
            <>
              {" "}
              · next try <RelativeTime at={delivery.next_attempt_at} />
            </>
          )}
        </Text>
      </Stack>
      <DeliveryState delivery={delivery} />
      <Group gap="xs">
        <Button variant="default" size="xs" onClick={() => setOpen(true)} aria-label={`Details of ${delivery.subject}`}>
          Details
        </Button>
        {canWrite && delivery.status === "failed" && (
          <Button size="xs" variant="light" loading={retry.isPending} onClick={() => retry.mutate()}>
            Retry
          </Button>
        )}
      </Group>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={delivery.subject}
        size="lg"
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {isOpen && <Details delivery={delivery} projectId={projectId} />}
      </Modal>
    </li>
  );
}

/** A mail is read as text; everything else as it goes over the wire. */
function messageText(message: Record<string, unknown>): string {
  const { text, html, body } = message;
  if (typeof text === "string" && typeof html === "string") return text;
  if (typeof body !== "string") return JSON.stringify(message, null, 2);
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function Details({ delivery, projectId }: { delivery: Delivery; projectId: string }) {
  const detail = useQuery(deliveryDetail(projectId, delivery.id));
  const message = detail.data?.message;
  return (
    <Stack gap="sm">
      <Group gap="md">
        <DeliveryState delivery={delivery} />
        <Text size="sm" c="dimmed">
          {attemptWords(delivery.attempts)}
        </Text>
      </Group>
      {delivery.recipient !== null && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          To: {delivery.recipient}
        </Text>
      )}
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        Answer: {answerWords(delivery)}
      </Text>
      {detail.isPending && <Loader size="sm" aria-label="Loading the message" />}
      {detail.isError && <Text size="sm">{detail.error.message}</Text>}
      {message === null && <Text size="sm">The message is made with the first attempt.</Text>}
      {message && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
        <section className={classes["message"]} tabIndex={0} aria-label="Message">
          {messageText(message)}
        </section>
      )}
    </Stack>
  );
}
