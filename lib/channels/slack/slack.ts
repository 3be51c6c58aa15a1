import { defineKind } from "@/lib/channels/kind";
import { MASK } from "@/lib/channels/merge";
import { postJson } from "@/lib/channels/post";
import { foreignHost, secretsOf } from "@/lib/channels/service-host";
import { renderSlack } from "./render";
import { SlackConfig, SlackMessage } from "./schema";

const HOSTS = ["hooks.slack.com", "hooks.slack-gov.com"];
/** Slack's words for a webhook that was removed, and for its channel or workspace that is no more. */
const GONE = /^(no_service|no_team|channel_not_found|channel_is_archived)/;

export const slack = defineKind({
  config: SlackConfig,
  message: SlackMessage,
  show: () => ({ webhook_url: MASK }),
  objection: ({ webhook_url: url }) => foreignHost(url, HOSTS, "https://hooks.slack.com/"),
  render: renderSlack,
  send: (content, { webhook_url: url }) =>
    postJson({
      url,
      content,
      secrets: secretsOf(url),
      isGone: ({ status, text }) => status === 410 || (status === 404 && GONE.test(text)),
    }),
});
