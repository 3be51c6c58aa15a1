import { z } from "zod";
import { EmailConfig } from "@/lib/channels/email/schema";

// It becomes part of an address.
const Token = z.string().regex(/^[\w-]{20,200}$/);

/** Whom to mail, and the secrets of the two links. */
export const ApproverConfig = EmailConfig.extend({ approve: Token, deny: Token });
export type ApproverConfig = z.infer<typeof ApproverConfig>;
