"use client";

import { AppShell, Box, Burger, Button, Container, Group, Kbd, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect } from "react";
import type { StatusChange } from "@/lib/projects/change-words";
import { AccountMenu } from "./account-menu";
import { Announcer } from "./announcer";
import classes from "./app-frame.module.css";
import { Logo } from "./logo";
import { ProjectSwitcher, type ShownProject } from "./project-switcher";
import { openPalette, Shortcuts } from "./shortcuts";
import { type Counts, Sidebar } from "./sidebar";

type Props = {
  projectId: string;
  projects: ShownProject[];
  email: string;
  counts: Counts;
  changes: StatusChange[];
  canWrite: boolean;
  children: ReactNode;
};

/** Everything around the pages of a project. */
export function AppFrame({ projectId, projects, email, counts, changes, canWrite, children }: Props) {
  const [isOpen, { toggle, close }] = useDisclosure();
  useCountInTitle(counts.down);
  return (
    <AppShell
      navbar={{ width: 240, breakpoint: "sm", collapsed: { mobile: !isOpen } }}
      header={{ height: { base: 52, sm: 0 } }}
      padding={{ base: "md", sm: "xl" }}
    >
      <AppShell.Header hiddenFrom="sm" px="md">
        <Group h="100%" justify="space-between">
          <Logo />
          <Burger opened={isOpen} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={isOpen} />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="md" className={classes["navbar"] ?? ""} data-open={isOpen || undefined}>
        <Stack h="100%" gap="md">
          <Box visibleFrom="sm">
            <Logo />
          </Box>
          <ProjectSwitcher projects={projects} projectId={projectId} />
          <Button
            variant="default"
            justify="space-between"
            leftSection={<IconSearch size={16} />}
            rightSection={
              <Kbd size="xs" visibleFrom="sm">
                ⌘K
              </Kbd>
            }
            onClick={openPalette}
            classNames={{ label: classes["find"] ?? "" }}
          >
            Find
          </Button>
          <Sidebar projectId={projectId} counts={counts} onGo={close} />
          <Box mt="auto">
            <AccountMenu email={email} />
          </Box>
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="main">
        <Container size={1120} p={0}>
          {children}
        </Container>
      </AppShell.Main>
      <Shortcuts projectId={projectId} canWrite={canWrite} />
      <Announcer changes={changes} />
    </AppShell>
  );
}

const COUNT = /^\(\d+\) /;

/** How many checks are down, in front of the tab's title. */
function useCountInTitle(down: number): void {
  useEffect(() => {
    const show = (): void => {
      const title = document.title.replace(COUNT, "");
      const wanted = down === 0 ? title : `(${down}) ${title}`;
      if (document.title !== wanted) document.title = wanted;
    };
    show();
    // Next sets the title anew with every page.
    const observer = new MutationObserver(show);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [down]);
}
