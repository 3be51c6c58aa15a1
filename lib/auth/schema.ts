import { z } from "zod";
import { ownPath } from "./own-path";

/** What people type to sign in or up, and about themselves. Messages stand beside the field. */
export const email = z
  .string("must be an e-mail address")
  .trim()
  .max(254, "is too long")
  .regex(/^[^\s@<>,"\p{Cc}]+@[^\s@<>,"\p{Cc}]+$/u, "must be an e-mail address");

export const password = z
  .string("must be a password")
  .min(10, "must have at least 10 characters")
  .max(200, "must have at most 200 characters");

export const personName = z
  .string("must be a string")
  .trim()
  .max(100, "must have at most 100 characters")
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

export const SignUpInput = z.object({ email, password, name: personName.default("") });
export type SignUpInput = z.infer<typeof SignUpInput>;

/** `next` is where the link leads to; what is no path of ours counts as the first page. */
export const LinkInput = z.object({ email, next: z.string().max(2000).transform(ownPath).default("/") });
export type LinkInput = z.infer<typeof LinkInput>;

export const AccountChange = z.object({ name: personName });
export type AccountChange = z.infer<typeof AccountChange>;

/** `current_password` is asked for when there is one. */
export const PasswordChange = z.object({
  current_password: z.string().max(200, "must have at most 200 characters").default(""),
  password,
});
export type PasswordChange = z.infer<typeof PasswordChange>;

export const SessionParams = z.object({ id: z.guid() });

export type AccountObject = { id: string; email: string; name: string; has_password: boolean };
