import { StateWord } from "@/components/status/state-word";
import type { Delivery } from "@/lib/alerts/schema";

export const DELIVERY_WORDS: Record<Delivery["status"], string> = {
  pending: "Waiting",
  sent: "Sent",
  failed: "Failed",
};

const TONES = { pending: "running", sent: "up", failed: "down" } as const;

/** How a delivery fares, as dot and word. */
export function DeliveryState({ status }: { status: Delivery["status"] }) {
  return <StateWord tone={TONES[status]} word={DELIVERY_WORDS[status]} />;
}
