import {
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
import { ListPager } from "@/components/layout/list-pager";
import { Section } from "@/components/layout/section";
import { exactWords } from "@/components/status/exact-time";
import {
  type History,
  type Outage,
  outages,
  pageOfOutages,
  percentWords,
  REASON_WORDS,
  uptime,
} from "@/lib/checks/detail/uptime";
import { DAY, inWords } from "@/lib/core/time";

const WINDOWS_DAYS = [7, 30, 90];
const PART = { label: "Pages of downtime", param: "downtime" };

const exact = (ms: number): string => exactWords(new Date(ms).toISOString());

const why = ({ reason }: Outage): string => (reason === null ? "–" : REASON_WORDS[reason]);

/** Where the table of outages stands in the address; `search` is what else is there. */
type Place = { path: string; search: Record<string, string | undefined>; cursor: string | undefined };

/** How much of the time it was up, and when it was not. */
export function UptimeSection({ history, place }: { history: History; place: Place }) {
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
        <Outages found={found} place={place} />
      )}
    </Section>
  );
}

function Outages({ found, place }: { found: Outage[]; place: Place }) {
  const { items, cursor, nextCursor } = pageOfOutages(found, place.cursor);
  return (
    <Stack gap="xs">
      <Paper style={{ overflow: "hidden" }} hidden={items.length === 0}>
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
            {items.map((outage) => (
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
      {items.length === 0 && (
        <Text size="sm" c="dimmed">
          There is no older downtime within the last 90 days.
        </Text>
      )}
      <ListPager path={place.path} search={place.search} cursor={cursor} nextCursor={nextCursor} part={PART} />
    </Stack>
  );
}
