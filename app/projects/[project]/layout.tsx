import { AppFrame } from "@/components/layout/app-frame";
import { LiveRefresh } from "@/components/layout/live-refresh";
import { NowProvider } from "@/components/status/now";
import { requireMember, requireViewer } from "@/lib/auth/page";
import { listProjectsOf } from "@/lib/projects/memberships";
import { countProject } from "@/lib/projects/overview";

export default async function ProjectLayout({ children, params }: LayoutProps<"/projects/[project]">) {
  const { project } = await params;
  const caller = await requireMember(project);
  const { user } = await requireViewer();
  const [counts, projects] = await Promise.all([countProject(caller), listProjectsOf(user.id)]);
  return (
    <NowProvider serverNow={counts.now}>
      <AppFrame
        projectId={project}
        projects={projects}
        email={user.email}
        counts={counts}
        canWrite={caller.scopes.has("write")}
      >
        <LiveRefresh />
        {children}
      </AppFrame>
    </NowProvider>
  );
}
