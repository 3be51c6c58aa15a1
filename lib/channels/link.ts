import { env } from "@/lib/env";
import type { AlertFacts } from "./kind";

/** The address of a project's pages. */
export function projectLink(projectId: string): string {
  return `${env().BASE_URL}/projects/${encodeURIComponent(projectId)}`;
}

/** Where the subject of an alert can be looked at. */
export function detailsLink({ projectId, subject }: AlertFacts): string {
  const project = projectLink(projectId);
  if (subject.type === "check") return `${project}/checks/${encodeURIComponent(subject.id)}`;
  return `${project}/${subject.type === "channel" ? "channels" : "alerts"}`;
}
