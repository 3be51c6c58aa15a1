import { defineKind } from "@/lib/channels/kind";
import { MASK } from "@/lib/channels/merge";
import { renderPagerduty } from "./render";
import { PagerdutyConfig, PagerdutyMessage } from "./schema";
import { pager } from "./send";

const ENDPOINT = "https://events.pagerduty.com/v2/enqueue";

export const pagerduty = defineKind({
  config: PagerdutyConfig,
  message: PagerdutyMessage,
  show: () => ({ routing_key: MASK }),
  render: renderPagerduty,
  send: pager(ENDPOINT),
});
