import type { Delivery } from "./schema";

/** How a delivery fares, as people are told. */
export type DeliveryStanding = Delivery["status"] | "kept";

/**
 * Every receiver that takes a message answers with a status. What is done without one never left: a mail that was kept
 * in the log, because no mail service is set up.
 */
export function standingOf(delivery: Pick<Delivery, "status" | "response_status">): DeliveryStanding {
  return delivery.status === "sent" && delivery.response_status === null ? "kept" : delivery.status;
}
