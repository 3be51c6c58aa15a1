import { discord } from "./discord/discord";
import { email } from "./email/email";
import type { Kind } from "./kind";
import { pagerduty } from "./pagerduty/pagerduty";
import type { ChannelKind } from "./schema";
import { slack } from "./slack/slack";
import { webhook } from "./webhook/webhook";

const KINDS: Record<ChannelKind, Kind> = {
  email,
  webhook,
  slack,
  discord,
  pagerduty,
};

/** The implementation of a kind. Throws for one that this version does not know. */
export function kindOf(kind: string): Kind {
  const known: Kind | undefined = (KINDS as Record<string, Kind>)[kind]; // the type of the column is any text
  if (known === undefined) throw new Error(`there is no channel of the kind ${kind}`);
  return known;
}
