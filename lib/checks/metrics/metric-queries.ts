import { type Caller, requireScope } from "@/lib/auth/caller";
import type { Place } from "@/lib/checks/history/bounds";
import type { Range } from "@/lib/checks/history/choices";
import { requireCheck } from "@/lib/checks/queries";
import { type Db, pool } from "@/lib/db/pool";
import { bucketWidth, type MetricBucket } from "./buckets";
import type { MetricSetting } from "./metric";
import type { MetricQuery } from "./schema";

/** More names than this are not listed. */
const MAX_NAMES = 200;
/** As many are drawn; the others can be asked for by name. */
const MAX_CHARTS = 12;

/** What there is of a number: how often it came, and what it was last. `min` and `max` are asked of it. */
export type MetricSummary = {
  name: string;
  count: number;
  value: number | null;
  at: string | null;
  min: number | null;
  max: number | null;
};

/** How a number went. */
export type MetricSeries = { name: string; bucket_seconds: number; points: MetricBucket[] };

/** What the page of a check shows of its numbers; `more` are not shown. */
export type MetricCharts = { charts: (MetricSummary & MetricSeries)[]; more: number };

const PLACE = "project_id = $1 AND check_id = $2";

/** Jumps from name to name in the primary key, so that the numbers of each name cost nothing but their count. */
const NAMES = `
  WITH RECURSIVE names AS (
    (SELECT name FROM metric_points WHERE ${PLACE} ORDER BY name LIMIT 1)
    UNION ALL
    SELECT (SELECT name FROM metric_points WHERE ${PLACE} AND name > names.name ORDER BY name LIMIT 1)
      FROM names WHERE names.name IS NOT NULL)
  SELECT found.name, newest.value, newest.at,
         (SELECT count(*) FROM metric_points WHERE ${PLACE} AND name = found.name) AS count
    FROM (SELECT name FROM names WHERE name IS NOT NULL LIMIT ${MAX_NAMES}) AS found, LATERAL (
         SELECT value, at FROM metric_points WHERE ${PLACE} AND name = found.name ORDER BY at DESC, n DESC LIMIT 1) AS newest`;

type NameRow = { name: string; value: number; at: Date; count: number };

async function settingsOf(db: Db, { checkId }: Place): Promise<MetricSetting[]> {
  const found = await db.query<{ metrics: MetricSetting[] | null }>("SELECT metrics FROM checks WHERE id = $1", [
    checkId,
  ]);
  return found.rows[0]?.metrics ?? [];
}

/** The numbers that came, and those that are looked for: these first. */
async function loadSummaries(db: Db, place: Place): Promise<MetricSummary[]> {
  const [settings, found] = await Promise.all([
    settingsOf(db, place),
    db.query<NameRow>(NAMES, [place.projectId, place.checkId]),
  ]);
  const came = new Map(found.rows.map(({ at, ...row }) => [row.name, { ...row, at: at.toISOString() }]));
  const asked = new Map(settings.map((setting) => [setting.name, setting]));
  return [...new Set([...asked.keys(), ...came.keys()])].map((name) => {
    const { min = null, max = null } = asked.get(name) ?? {};
    return { ...(came.get(name) ?? { name, count: 0, value: null, at: null }), min, max };
  });
}

type SpanRow = { name: string; first: Date | null; last: Date | null };

/** When these numbers came first and last within a range, and what lies between. */
async function loadSpans(db: Db, { projectId, checkId }: Place, { names, range }: { names: string[]; range: Range }) {
  const end = (order: string): string =>
    `(SELECT at FROM metric_points WHERE ${PLACE} AND name = wanted.name AND at >= to_timestamp($4) AND at < to_timestamp($5)
       ORDER BY at ${order} LIMIT 1)`;
  const found = await db.query<SpanRow>(
    `SELECT name, ${end("ASC")} AS first, ${end("DESC")} AS last FROM unnest($3::text[]) AS wanted (name)`,
    [
      projectId,
      checkId,
      names,
      (range.from ?? Number.NEGATIVE_INFINITY) / 1000,
      (range.to ?? Number.POSITIVE_INFINITY) / 1000,
    ],
  );
  return found.rows.map(({ name, first, last }) => ({
    name,
    first: first?.getTime() ?? 0,
    // The database tells microseconds apart, and the last one counts.
    end: last === null ? 0 : last.getTime() + 1,
    width: bucketWidth((last?.getTime() ?? 0) - (first?.getTime() ?? 0)),
  }));
}

type BucketRow = Omit<MetricBucket, "at"> & { name: string; bucket: number };

async function loadSeries(
  db: Db,
  place: Place,
  asked: { names: string[]; range: Range },
): Promise<Map<string, MetricSeries>> {
  const spans = await loadSpans(db, place, asked);
  const found = await db.query<BucketRow>(
    `SELECT name, bucket, stretch.*
       FROM unnest($3::text[], $4::float8[], $5::float8[], $6::float8[]) AS span (name, first, until, width),
            generate_series(0, floor(until / width)::int - floor(first / width)::int) AS step,
            LATERAL (SELECT (floor(first / width) + step) * width AS bucket) AS start,
            LATERAL (SELECT min(value), avg(value), max(value), count(*) FROM metric_points
              WHERE ${PLACE} AND name = span.name AND at >= to_timestamp(greatest(bucket, first) / 1000)
                AND at < to_timestamp(least(bucket + width, until) / 1000)) AS stretch
      WHERE stretch.count > 0 ORDER BY name, bucket`,
    [
      place.projectId,
      place.checkId,
      spans.map(({ name }) => name),
      spans.map(({ first }) => first),
      spans.map(({ end }) => end),
      spans.map(({ width }) => width),
    ],
  );
  const series = new Map(
    spans.map(({ name, width }) => [name, { name, bucket_seconds: width / 1000, points: [] as MetricBucket[] }]), // filled below
  );
  for (const { name, bucket, ...row } of found.rows)
    series.get(name)?.points.push({ at: new Date(bucket).toISOString(), ...row });
  return series;
}

/** The numbers of a check, those it looks for first; or of one how it went, in at most 200 stretches of time. */
export async function getMetrics(
  caller: Caller,
  { checkId, name, from, to }: MetricQuery & { checkId: string },
  db: Db = pool(),
): Promise<{ metrics: MetricSummary[] } | MetricSeries> {
  requireScope(caller, "read");
  await requireCheck(caller, checkId, db);
  const place = { projectId: caller.projectId, checkId };
  if (name === undefined) return { metrics: await loadSummaries(db, place) };
  // PostgreSQL refuses NUL even to compare with.
  const names = name.includes("\0") ? [] : [name];
  const series = await loadSeries(db, place, { names, range: { from: from ?? null, to: to ?? null } });
  return series.get(name) ?? { name, bucket_seconds: 1, points: [] };
}

/** What the page of a check draws of its numbers. */
export async function getMetricCharts(
  caller: Caller,
  { checkId, range }: { checkId: string; range: Range },
  db: Db = pool(),
): Promise<MetricCharts> {
  requireScope(caller, "read");
  await requireCheck(caller, checkId, db);
  const place = { projectId: caller.projectId, checkId };
  const metrics = await loadSummaries(db, place);
  const shown = metrics.slice(0, MAX_CHARTS);
  if (shown.length === 0) return { charts: [], more: 0 };
  const names = shown.map(({ name }) => name);
  const series = await loadSeries(db, place, { names, range });
  const charts = shown.map((metric) => ({ bucket_seconds: 1, points: [], ...metric, ...series.get(metric.name) }));
  return { charts, more: metrics.length - shown.length };
}
