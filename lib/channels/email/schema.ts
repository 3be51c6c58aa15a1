import { z } from "zod";

/** One addr-spec (RFC 5321) without display name, quotes or comments: nothing that could add a recipient or a header. */
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

export const EmailConfig = z.object({
  to: z
    .string("must be an e-mail address")
    .max(254, "must have at most 254 characters")
    .regex(ADDRESS, "must be one plain e-mail address"),
});
export type EmailConfig = z.infer<typeof EmailConfig>;

/** A mail as it is stored with its delivery, so that every attempt sends the same. */
export const Mail = z.object({
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  headers: z.record(z.string(), z.string()),
});
export type Mail = z.infer<typeof Mail>;
