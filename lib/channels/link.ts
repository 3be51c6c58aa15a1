import { subjectPage } from "@/lib/alerts/subject-page";
import { env } from "@/lib/env";
import type { AlertFacts } from "./kind";

/** The address of a project's pages. */
export function projectLink(projectId: string): string {
  return `${env().BASE_URL}/projects/${encodeURIComponent(projectId)}`;
}

/** Where the subject of an alert can be looked at: of a workflow the instance it tells of, if there was one. */
export function detailsLink(alert: AlertFacts): string {
  const page = alert.subject.type === "channel" ? "channels" : subjectPage(alert);
  return `${projectLink(alert.projectId)}/${page ?? "alerts"}`;
}
