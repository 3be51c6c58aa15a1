import type { Schedule } from "@/lib/checks/schedule/schedule";
import type { CheckInput } from "@/lib/checks/schema";
import { DAY, HOUR, MINUTE, SECOND } from "@/lib/core/time";
import { type Moment, noise, occurrences, type Timeline, unfold, until, without } from "./timeline";

/** One check of the demonstration: how it is set up, and all that ever happens to it. */
export type Actor = {
  input: CheckInput & { name: string; slug: string };
  /** From the first signal on, seen from the moment at which the demonstration was made. Never ends by itself. */
  timeline: (made: number) => Timeline;
  /** How long its alerts are sent to nobody, in milliseconds from `made`. */
  mutedMs?: number;
  /** Somebody has seen its open alert. */
  acknowledged?: true;
};

const QUARTER = 90 * DAY;

const cron = (expression: string): Schedule => ({ kind: "calendar", expression, timeZone: "UTC" });

/** A schedule's moments since a quarter before `made`. */
const since = (schedule: Schedule, made: number, past = QUARTER) => occurrences(schedule, made - past);

/** A time some days before `made`, and how long from there. */
const span = (made: number, daysAgo: number, lasts: number) => ({
  from: made - daysAgo * DAY,
  to: made - daysAgo * DAY + lasts,
});

type Ending = Omit<Moment, "at">;

/** A run from start to finish, `ms` long; `ending` says how it went and, if need be, which run it is. */
function run(at: number, ms: number, ending: Ending): Moment[] {
  const named = ending.rid === undefined ? {} : { rid: ending.rid };
  return [
    { at, kind: "start", ...named },
    { at: at + ms, ...ending },
  ];
}

const ok = (body: string): Ending => ({ kind: "success", exitStatus: 0, body });
const failed = (exitStatus: number, body: string): Ending => ({ kind: "fail", exitStatus, body });

const NIGHTLY = cron("0 3 * * *");

const backup: Actor = {
  input: {
    name: "Nightly database backup",
    slug: "demo-db-backup",
    tags: "demo prod database",
    desc: "pg_dump of the orders database, uploaded off-site. Takes a little longer every week.",
    schedule: "0 3 * * *",
    grace: 7200,
  },
  timeline: (made) =>
    unfold(since(NIGHTLY, made), (at, index) => {
      const gigabytes = (38 + index * 0.06).toFixed(1);
      const took = 11 * MINUTE + index * 2 * SECOND + noise(index) * 90 * SECOND;
      const isFull = at > made - 10 * DAY && at <= made - 9 * DAY;
      const full = `pg_dump: error: could not write to file: No space left on device\n${gigabytes} GB needed\n`;
      const fine = `dumped orders (${gigabytes} GB)\nuploaded orders-${new Date(at).toISOString().slice(0, 10)}.dump\nchecksum verified\n`;
      return isFull
        ? [...run(at, 4 * MINUTE, failed(1, full)), ...run(at + 5 * HOUR, took, ok(fine))]
        : run(at + noise(index) * 4 * SECOND, took, ok(fine));
    }),
};

const MORNING = cron("0 7 * * *");
const TRACE = `Traceback (most recent call last):
  File "/srv/billing/invoice_run.py", line 212, in <module>
    main(day)
  File "/srv/billing/invoice_run.py", line 148, in main
    total = sum(line.amount for line in order.lines)
TypeError: unsupported operand type(s) for +: 'Decimal' and 'NoneType'
order 88214: a line without an amount
`;

const invoices: Actor = {
  input: {
    name: "Invoice run",
    slug: "demo-invoice-run",
    tags: "demo prod billing",
    desc: "Writes yesterday's invoices. Exit status 2 means that an order could not be read.",
    schedule: "0 7 * * *",
    grace: 3600,
  },
  timeline: (made) =>
    unfold(since(MORNING, made), (at, index) => {
      const took = 3 * MINUTE + noise(index + 500) * 2 * MINUTE;
      const isLatest = at > made - DAY - took && at <= made - took;
      return run(
        at,
        took,
        isLatest ? failed(2, TRACE) : ok(`${210 + Math.floor(noise(index) * 90)} invoices written\n`),
      );
    }),
};

const QUARTER_HOUR: Schedule = { kind: "period", timeoutSeconds: 900 };

/** Late when the demonstration is made, down two minutes later, up again after two more; and so on once an hour. */
const orders: Actor = {
  input: {
    name: "Order sync",
    slug: "demo-order-sync",
    tags: "demo prod shop",
    desc: "Copies new orders into the warehouse every quarter of an hour.",
    timeout: 900,
    grace: 300,
  },
  timeline: (made) => {
    const lateOne = made - 3 * MINUTE;
    const times = occurrences(QUARTER_HOUR, lateOne - 30 * DAY);
    const told = unfold(times, (at, index) => {
      const isLate = at >= lateOne && Math.round((at - lateOne) / (15 * MINUTE)) % 4 === 0;
      const body = `${Math.floor(noise(index) * 40)} orders copied\n`;
      return [{ at: isLate ? at + 7 * MINUTE : at + noise(index) * 20 * SECOND, ...ok(body) }];
    });
    return without(told, [span(made, 20, 3 * HOUR), span(made, 6, 50 * MINUTE)]);
  },
};

const EVERY_MINUTE: Schedule = { kind: "period", timeoutSeconds: 60 };

function heartbeat(host: string, outages: [daysAgo: number, lasts: number][]): Actor {
  return {
    input: {
      name: `${host} heartbeat`,
      slug: `demo-${host}-heartbeat`,
      tags: "demo prod server",
      desc: "A line in the crontab of the machine.",
      timeout: 60,
      grace: 60,
    },
    timeline: (made) =>
      without(
        unfold(since(EVERY_MINUTE, made, 30 * DAY + 50 * SECOND), (at, index) => [
          { at: at + noise(index) * 2 * SECOND, kind: "success" },
        ]),
        outages.map(([daysAgo, lasts]) => span(made, daysAgo, lasts)),
      ),
  };
}

const FIVE_MINUTES: Schedule = { kind: "period", timeoutSeconds: 300 };

const mailQueue: Actor = {
  input: {
    name: "Mail queue",
    slug: "demo-mail-queue",
    tags: "demo prod mail",
    desc: "Reports the length of the queue; a failure when it is above 1,000.",
    timeout: 300,
    grace: 120,
  },
  timeline: (made) =>
    unfold(since(FIVE_MINUTES, made, 30 * DAY + MINUTE), (at, index) => {
      const isLong = noise(Math.floor(index / 4)) > 0.995;
      const length = isLong ? 1000 + Math.floor(noise(index) * 900) : Math.floor(noise(index) * 120);
      return [{ at, ...(isLong ? failed(1, `queue=${length}\n`) : ok(`queue=${length}\n`)) }];
    }),
};

const SIX_HOURS = cron("15 */6 * * *");
const runId = (index: number) => `7a3c0000-0000-4000-8000-${index.toString(16).padStart(12, "0")}`;

const warehouse: Actor = {
  input: {
    name: "Warehouse load",
    slug: "demo-warehouse-load",
    tags: "demo data",
    desc: "Extract, transform and load, four times a day. Its runs carry a run id.",
    schedule: "15 */6 * * *",
    grace: 7200,
  },
  timeline: (made) =>
    unfold(since(SIX_HOURS, made), (at, index) => {
      const took = (38 + noise(index) * 22 + (index % 4 === 1 ? 15 : 0)) * MINUTE;
      const isStuck = at > made - 4 * DAY && at <= made - 3.75 * DAY;
      const rows = 40_000 + Math.floor(noise(index + 9) * 9000);
      // The one that is stuck reports an hour and a half after it was given up on.
      const ending = ok(`extract ok\ntransform ok\nload ok: ${rows} rows\n`);
      return run(at, isStuck ? 3.5 * HOUR : took, { ...ending, rid: runId(index) });
    }),
};

const MONDAYS: Schedule = { kind: "calendar", expression: "Mon *-*-* 04:30", timeZone: "UTC" };

const certificates: Actor = {
  input: {
    name: "Renew TLS certificates",
    slug: "demo-certificates",
    tags: "demo prod server",
    schedule: "Mon *-*-* 04:30",
    grace: 21_600,
  },
  timeline: (made) =>
    unfold(since(MONDAYS, made), (at, index) =>
      run(at, 20 * SECOND + noise(index) * 40 * SECOND, ok("No renewals were due.\n")),
    ),
};

const TEN_MINUTES: Schedule = { kind: "period", timeoutSeconds: 600 };

/** Silent since three hours ago; somebody knows, and has muted it. */
const thumbnails: Actor = {
  input: {
    name: "Thumbnail worker",
    slug: "demo-thumbnails",
    tags: "demo shop",
    desc: "Down while its machine is replaced.",
    timeout: 600,
    grace: 600,
  },
  timeline: (made) =>
    until(
      unfold(since(TEN_MINUTES, made, 30 * DAY), (at) => [{ at, kind: "success" }]),
      made - 3 * HOUR,
    ),
  mutedMs: 8 * HOUR,
  acknowledged: true,
};

const DAILY: Schedule = { kind: "period", timeoutSeconds: 86_400 };

/** Under way when the demonstration is made. */
const digest: Actor = {
  input: {
    name: "Customer digest",
    slug: "demo-customer-digest",
    tags: "demo mail",
    timeout: 86_400,
    grace: 3600,
  },
  timeline: (made) => {
    const begins = made - 6 * MINUTE;
    return unfold(occurrences(DAILY, begins - 60 * DAY - DAY), (at, index) => {
      const took = at === begins ? 9 * MINUTE : 8 * MINUTE + noise(index) * 3 * MINUTE;
      return run(at, took, ok(`${3100 + index * 4} mails handed over\n`));
    });
  },
};

const searchIndex: Actor = {
  input: { name: "Rebuild search index", slug: "demo-search-index", tags: "demo shop", timeout: 86_400, grace: 3600 },
  timeline: (made) => {
    const pausedAt = made - 3 * DAY;
    const told = unfold(since(DAILY, made), (at, index) =>
      run(at, 25 * MINUTE + noise(index) * 9 * MINUTE, ok("done\n")),
    );
    return [...until(told, pausedAt), { at: pausedAt, kind: "pause" }];
  },
};

/** Waits for its first signal, so that a visitor may send it. */
const training: Actor = {
  input: {
    name: "Retrain recommendations",
    slug: "demo-retrain",
    tags: "demo data",
    desc: "Nothing has been heard yet: copy a line below and run it.",
    timeout: 604_800,
    grace: 86_400,
  },
  timeline: () => [],
};

/** The whole demonstration: something late, failed, running, silent, paused and new, among much that goes well. */
export const CAST: Actor[] = [
  backup,
  invoices,
  orders,
  heartbeat("web-1", [
    [12, 4 * HOUR],
    [3, 11 * MINUTE],
  ]),
  heartbeat("web-2", [[12, 3.5 * HOUR]]),
  mailQueue,
  warehouse,
  certificates,
  thumbnails,
  digest,
  searchIndex,
  training,
];
