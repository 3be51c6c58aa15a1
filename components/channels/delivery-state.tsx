import { StateWord } from "@/components/status/state-word";
import type { Delivery } from "@/lib/alerts/schema";
import { type DeliveryStanding, standingOf } from "@/lib/alerts/shown";

type Known = Pick<Delivery, "status" | "response_status">;

const WORDS: Record<DeliveryStanding, string> = { pending: "Waiting", sent: "Sent", kept: "Kept", failed: "Failed" };
const TONES = { pending: "running", sent: "up", kept: "paused", failed: "down" } as const;

/** How a delivery fares, in a word. */
export const deliveryWord = (delivery: Known): string => WORDS[standingOf(delivery)];

/** How a delivery fares, as dot and word. */
export function DeliveryState({ delivery }: { delivery: Known }) {
  return <StateWord tone={TONES[standingOf(delivery)]} word={deliveryWord(delivery)} />;
}
