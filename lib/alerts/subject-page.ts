import { z } from "zod";

/** What names the page of a subject; `data` holds the facts of the alert. */
type About = { subject: { type: string; id: string }; data: unknown };

// It becomes part of addresses and of headers of mails.
const OfInstance = z.object({ instance_id: z.string().regex(/^\w{1,100}$/) });

const FOLDERS: Record<string, string> = {
  check: "checks",
  workflow: "workflows",
  channel: "channels",
  approval: "approvals",
};

/** The instance that an alert about a workflow tells of; null for other alerts and where none was under way. */
export function instanceOf({ subject, data }: About): string | null {
  if (subject.type !== "workflow") return null;
  return OfInstance.safeParse(data).data?.instance_id ?? null;
}

/** Where the subject of an alert can be looked at, below the address of its project; null where it has no page. */
export function subjectPage(alert: About): string | null {
  const { type, id } = alert.subject;
  const instance = instanceOf(alert);
  if (instance !== null) return `instances/${instance}`;
  const folder = FOLDERS[type];
  return folder === undefined ? null : `${folder}/${encodeURIComponent(id)}`;
}
