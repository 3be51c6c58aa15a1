import { Stack } from "@mantine/core";
import { PageHeader } from "@/components/layout/page-header";
import { SettingsTabs } from "@/components/settings/settings-tabs";
import { requireMember } from "@/lib/auth/page";

export default async function SettingsLayout({ children, params }: LayoutProps<"/projects/[project]/settings">) {
  const { project } = await params;
  const caller = await requireMember(project);
  return (
    <Stack gap="lg">
      <PageHeader title="Settings" />
      <SettingsTabs projectId={project} isAdmin={caller.scopes.has("admin")} />
      {children}
    </Stack>
  );
}
