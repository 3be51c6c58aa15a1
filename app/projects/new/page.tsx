import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { PlainPage } from "@/components/layout/plain-page";
import { NewProjectForm } from "@/components/projects/new-project-form";
import { requireViewer } from "@/lib/auth/page";

export const metadata: Metadata = { title: "New project" };

export default async function NewProjectPage() {
  await requireViewer();
  return (
    <PlainPage>
      <Title order={1}>New project</Title>
      <Text c="dimmed">A project has its own checks, channels, people and keys.</Text>
      <NewProjectForm />
    </PlainPage>
  );
}
