import { AppFrame } from "@/components/layout/app-frame";
import { LiveRefresh } from "@/components/layout/live-refresh";
import { PendingPage } from "@/components/layout/pending-page";
import { NowProvider } from "@/components/status/now";
import { requireMember, requireViewer } from "@/lib/auth/page";
import { listProjectsOf } from "@/lib/projects/memberships";
import { countProject } from "@/lib/projects/overview";
import { listStatusChanges } from "@/lib/projects/status-changes";

export default async function ProjectLayout({ children, params }: LayoutProps<"/projects/[project]">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const { user } = await requireViewer();
  const [counts, projects, changes] = await Promise.all([
    countProject(caller),
    listProjectsOf(user.id),
    listStatusChanges(caller),
  ]);
  return (
    <NowProvider serverNow={counts.now}>
      <AppFrame
        projectId={project}
        projects={projects}
        email={user.email}
        counts={counts}
        changes={changes}
        canWrite={caller.scopes.has("write")}
      >
        <LiveRefresh />
        <PendingPage>{children}</PendingPage>
      </AppFrame>
    </NowProvider>
  );
}
