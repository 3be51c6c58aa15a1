import { Group, Paper, Table, TableTbody, TableTd, TableTh, TableThead, TableTr, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { EmptyState } from "@/components/layout/empty-state";
import { ListPager } from "@/components/layout/list-pager";
import { TextLink } from "@/components/layout/text-link";
import { ExactTime } from "@/components/status/exact-time";
import { StatusDot } from "@/components/status/status-dot";
import { durationWords } from "@/lib/checks/detail/durations";
import type { FlipEntry, LogEntry, MissEntry, PingEntry } from "@/lib/checks/detail/log";
import { REASON_WORDS } from "@/lib/checks/detail/uptime";
import { BodyButton, BodyViewer } from "./body-viewer";
import classes from "./event-log.module.css";
import { KindDot, MISS_WORDS } from "./kind-dot";
import { PingSaid } from "./ping-said";

type Props = {
  projectId: string;
  checkId: string;
  entries: LogEntry[];
  kinds: string[];
  /** What else is in the address, to keep when turning the page. */
  search: Record<string, string | undefined>;
  cursor: string | null;
  nextCursor: string | null;
};

const [WIDE = "", NARROW = "", MORE = "", WHEN = ""] = ["wide", "narrow", "more", "when"].map((name) => classes[name]);
const PART = { label: "Pages of events", param: "cursor" };

/** Everything that was heard of a check and what came of it, newest first. */
export function EventLog({ projectId, checkId, entries, kinds, search, cursor, nextCursor }: Props) {
  const base = `/projects/${projectId}/checks/${checkId}`;
  if (entries.length === 0) return <NoEvents isFiltered={kinds.length > 0} all={base} />;
  return (
    <BodyViewer projectId={projectId} checkId={checkId}>
      <Paper className={classes["frame"] ?? ""}>
        <Table className={classes["log"] ?? ""} verticalSpacing="xs" horizontalSpacing="md" aria-label="Events">
          <TableThead>
            <TableTr>
              <TableTh>Event</TableTh>
              <TableTh>When (UTC)</TableTh>
              <TableTh className={WIDE}>From</TableTh>
              <TableTh className={WIDE}>Duration</TableTh>
              <TableTh className={WIDE}>Exit</TableTh>
              <TableTh>Body</TableTh>
            </TableTr>
          </TableThead>
          <TableTbody>
            {entries.map((entry) => {
              if (entry.type === "ping") return <PingLine key={`p${entry.n}`} ping={entry} />;
              if (entry.type === "flip") return <FlipLine key={`f${entry.seq}`} flip={entry} />;
              return <MissLine key={`m${entry.at}`} miss={entry} />;
            })}
          </TableTbody>
        </Table>
      </Paper>
      <ListPager
        path={base}
        search={{ ...search, kinds: kinds.join(",") }}
        cursor={cursor ?? undefined}
        nextCursor={nextCursor}
        part={PART}
      />
    </BodyViewer>
  );
}

function PingLine({ ping }: { ping: PingEntry }) {
  const duration = ping.duration_ms === null ? null : durationWords(ping.duration_ms);
  const exit = ping.exit_status === null ? null : `exit ${ping.exit_status}`;
  return (
    <TableTr>
      <TableTd>
        <KindDot kind={ping.kind} />
        <Text size="xs" c="dimmed">
          #{ping.n}
        </Text>
        <Text size="xs" c="dimmed" className={NARROW} style={{ overflowWrap: "anywhere" }}>
          {[ping.remote_addr, ping.method, duration, exit, ping.user_agent].filter(Boolean).join(" · ")}
        </Text>
        <div className={NARROW}>
          <PingSaid ping={ping} />
        </div>
      </TableTd>
      <TableTd className={WHEN}>
        <ExactTime at={ping.at} />
      </TableTd>
      <TableTd className={WIDE}>
        <PingSaid ping={ping} />
        <Text size="sm">{[ping.method, ping.remote_addr].filter(Boolean).join(" from ")}</Text>
        <Text size="xs" c="dimmed" className={classes["client"] ?? ""} lineClamp={2} title={ping.user_agent}>
          {ping.user_agent || "no user agent"}
        </Text>
      </TableTd>
      <TableTd className={WIDE} style={{ whiteSpace: "nowrap" }}>
        {duration ?? "–"}
      </TableTd>
      <TableTd className={WIDE}>{ping.exit_status ?? "–"}</TableTd>
      <TableTd className={MORE}>{body(ping)}</TableTd>
    </TableTr>
  );
}

const body = ({ n, body_bytes: bytes }: PingEntry) =>
  bytes === 0 ? <span className={WIDE}>–</span> : <BodyButton n={n} bytes={bytes} />;

function FlipLine({ flip }: { flip: FlipEntry }) {
  return (
    <TableTr bg="var(--pt-well)">
      <TableTd>
        <Group gap={6} wrap="wrap">
          <StatusDot status={flip.from} />
          <IconArrowRight size={14} aria-label="to" role="img" />
          <StatusDot status={flip.to} />
        </Group>
      </TableTd>
      <TableTd className={WHEN}>
        <ExactTime at={flip.at} />
      </TableTd>
      <TableTd colSpan={3} className={WIDE}>
        {REASON_WORDS[flip.reason]}
      </TableTd>
      <TableTd className={MORE}>
        <Text size="xs" className={NARROW}>
          {REASON_WORDS[flip.reason]}
        </Text>
      </TableTd>
    </TableTr>
  );
}

function MissLine({ miss }: { miss: MissEntry }) {
  return (
    <TableTr>
      <TableTd>
        <KindDot kind="missed" />
      </TableTd>
      <TableTd className={WHEN}>
        <ExactTime at={miss.at} />
      </TableTd>
      <TableTd colSpan={3} className={WIDE}>
        {MISS_WORDS}
      </TableTd>
      <TableTd className={MORE}>
        <Text size="xs" className={NARROW}>
          {MISS_WORDS}
        </Text>
      </TableTd>
    </TableTr>
  );
}

function NoEvents({ isFiltered, all }: { isFiltered: boolean; all: string }) {
  if (!isFiltered)
    return (
      <EmptyState title="Nothing has happened yet" text="Every signal, and every change of the status, will be here." />
    );
  return (
    <EmptyState title="Nothing matches" text="There are no events of the kinds you chose.">
      <TextLink href={all}>Show all events</TextLink>
    </EmptyState>
  );
}
