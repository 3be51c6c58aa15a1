import { defineKind } from "@/lib/channels/kind";
import { env } from "@/lib/env";
import { renderMail } from "./render";
import { EmailConfig, Mail } from "./schema";
import { mailer } from "./send";

export const email = defineKind({
  config: EmailConfig,
  message: Mail,
  show: ({ to }) => ({ to }),
  render: renderMail,
  send: (mail, config, attempt) => mailer(env())(mail, config, attempt),
});
