import { z } from "zod";
import { ROLES, type Role, SCOPES } from "@/lib/auth/caller";
import { email, password, personName } from "@/lib/auth/schema";
import { canonicalTimeZone } from "@/lib/checks/schedule/schedule";
import { pageQuery } from "@/lib/core/page-query";

const name = z
  .string("must be a string")
  .trim()
  .min(1, "must not be blank")
  .max(100, "must have at most 100 characters")
  // Names go into mails and headers.
  .regex(/^\P{Cc}*$/u, "must not contain control characters");

const timeZone = z.string("must be a string").transform((zone, context) => {
  const canonical = canonicalTimeZone(zone);
  if (canonical === null) context.addIssue({ code: "custom", message: "is not a time zone of the IANA database" });
  return canonical ?? z.NEVER;
});

export const NewProject = z.object({ name, time_zone: timeZone.default("UTC") });
export type NewProject = z.infer<typeof NewProject>;

export const ProjectChange = z.object({ name, time_zone: timeZone }).partial();
export type ProjectChange = z.infer<typeof ProjectChange>;

const moment = z.iso.datetime({ offset: true, error: "must be a time such as 2027-01-31T12:00:00Z" });

export const NewKey = z.object({
  name,
  scopes: z
    .array(z.enum(SCOPES, `must be of ${SCOPES.join(", ")}`), "must be a list of scopes")
    .min(1, "must name at least one scope")
    .transform((scopes) => [...new Set(scopes)]),
  /** Must lie in the future; without it the key lives until it is revoked. */
  expires_at: moment.nullable().default(null),
});
export type NewKey = z.infer<typeof NewKey>;

const SEVEN_DAYS = 604_800;
const overlapWords = `must be a whole number from 0 to ${SEVEN_DAYS}`;

export const KeyRotation = z.object({
  /** How long the old key stays valid beside the new one. */
  overlap_seconds: z
    .number(overlapWords)
    .multipleOf(1, overlapWords)
    .min(0, overlapWords)
    .max(SEVEN_DAYS, overlapWords)
    .default(86_400),
});
export type KeyRotation = z.infer<typeof KeyRotation>;

const role = z.enum(ROLES, `must be of ${ROLES.join(", ")}`);

export const RoleChange = z.object({ role });
export type RoleChange = z.infer<typeof RoleChange>;

export const NewInvitation = z.object({ email, role });
export type NewInvitation = z.infer<typeof NewInvitation>;

const token = z.string("must be a token").max(200, "is too long");
export const Acceptance = z.object({ token });
export const InvitedSignUp = z.object({ token, name: personName.default(""), password });
export type InvitedSignUp = z.infer<typeof InvitedSignUp>;

/** The name typed once more, so that nobody deletes the wrong project. */
export const Deletion = z.object({ confirm: z.string("must be the name of the project") });
export type Deletion = z.infer<typeof Deletion>;

const id = z.guid();
export const ProjectParams = z.object({ id });
export const KeyParams = z.object({ id, keyId: id });
export const MemberParams = z.object({ id, userId: id });
export const InvitationParams = z.object({ id, invitationId: id });

export const PageQuery = z.object(pageQuery);
export type PageQuery = z.infer<typeof PageQuery>;

/** A project as people and programs see it; what would let a reader ping or forge is only there with the scope for it. */
export type ProjectObject = {
  id: string;
  name: string;
  time_zone: string;
  created_at: string;
  ping_key?: string;
  webhook_secret?: string;
};

export type KeyObject = {
  id: string;
  name: string;
  scopes: string[];
  /** The clear beginning, to recognise it by. */
  prefix: string;
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
  last_used_at: string | null;
};

/** A key at the one moment its text is known. */
export type IssuedKey = KeyObject & { key: string };

export type MemberObject = { user_id: string; email: string; name: string; role: Role; joined_at: string };

/** An offer to join that nobody has taken or withdrawn; past `expires_at` it is only there to be renewed. */
export type InvitationObject = {
  id: string;
  email: string;
  role: Role;
  invited_by: string;
  created_at: string;
  expires_at: string;
  expired: boolean;
};

/** An invitation at the one moment its link is known. */
export type IssuedInvitation = InvitationObject & {
  link: string;
  /** Whether the link was mailed; otherwise somebody has to hand it over. */
  mailed: boolean;
};

/** What whoever holds an invitation's link may know of it. */
export type Offer = { email: string; role: Role; project: string; invited_by: string };

export type AuditEntry = {
  id: number;
  action: string;
  created_at: string;
  actor: { kind: "person" | "key" | "system"; name: string };
  /** What was changed, by its name if it still has one. */
  subject: { id: string; name: string | null };
};
