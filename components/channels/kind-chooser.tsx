import { Paper, SimpleGrid, Text } from "@mantine/core";
import Link from "next/link";
import { CHANNEL_KINDS } from "@/lib/channels/schema";
import classes from "./channel-line.module.css";
import { KIND_FACTS } from "./kinds";

/** The kinds of channels to choose from; the choice is part of the address. */
export function KindChooser({ projectId }: { projectId: string }) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
      {CHANNEL_KINDS.map((kind) => {
        const { label, summary, icon } = KIND_FACTS[kind];
        return (
          <Paper key={kind} p={0}>
            <Link href={`/projects/${projectId}/channels/new?kind=${kind}` as "/"} className={classes["card"] ?? ""}>
              <span className={classes["icon"]}>{icon}</span>
              <span>
                <Text component="span" display="block" fw={600}>
                  {label}
                </Text>
                <Text component="span" display="block" size="sm" c="dimmed">
                  {summary}
                </Text>
              </span>
            </Link>
          </Paper>
        );
      })}
    </SimpleGrid>
  );
}
