import {
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import { Section } from "@/components/layout/section";
import { type History, type Outage, outages, percentWords, REASON_WORDS, uptime } from "@/lib/checks/uptime";
import { DAY, inWords } from "@/lib/core/time";
import { exactWords } from "./exact-time";

const WINDOWS_DAYS = [7, 30, 90];
const SHOWN = 20;

const exact = (ms: number): string => exactWords(new Date(ms).toISOString());

const why = ({ reason }: Outage): string => (reason === null ? "–" : REASON_WORDS[reason]);

/** How much of the time it was up, and when it was not. */
export function UptimeSection({ history }: { history: History }) {
  const found = outages(history, 90 * DAY);
  return (
    <Section title="Uptime" description="Of the time in which it was watched; pauses do not count">
      <SimpleGrid cols={3} spacing="sm">
        {WINDOWS_DAYS.map((days) => (
          <Paper key={days} p="md">
            <Text size="sm" c="dimmed">
              {days} days
            </Text>
            <Text fz={{ base: "lg", sm: 24 }} fw={600}>
              {percentWords(uptime(history, days * DAY))}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          {uptime(history, 90 * DAY) === null
            ? "It counts from the first signal on."
            : "It was not down in the last 90 days."}
        </Text>
      ) : (
        <Outages found={found} />
      )}
    </Section>
  );
}

function Outages({ found }: { found: Outage[] }) {
  return (
    <Stack gap="xs">
      <Paper style={{ overflow: "hidden" }}>
        <Table verticalSpacing="xs" horizontalSpacing="md" aria-label="Downtime">
          <TableThead>
            <TableTr>
              <TableTh>Down since (UTC)</TableTh>
              <TableTh>Until (UTC)</TableTh>
              <TableTh>How long</TableTh>
              <TableTh visibleFrom="sm">Why</TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            {found.slice(0, SHOWN).map((outage) => (
              <TableTr key={outage.startedAt}>
                <TableTd>
                  {exact(outage.startedAt)}
                  <Text size="xs" c="dimmed" hiddenFrom="sm">
                    {why(outage)}
                  </Text>
                </TableTd>
                <TableTd>{outage.endedAt === null ? "still down" : exact(outage.endedAt)}</TableTd>
                <TableTd>{inWords(outage.durationMs)}</TableTd>
                <TableTd visibleFrom="sm">{why(outage)}</TableTd>
              </TableTr>
            ))}
          </TableTbody>
        </Table>
      </Paper>
      {found.length > SHOWN && (
        <Group>
          <Text size="sm" c="dimmed">
            The newest {SHOWN} of {found.length} in the last 90 days. The events show all of them.
          </Text>
        </Group>
      )}
    </Stack>
  );
}
