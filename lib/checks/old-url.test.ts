import fc from "fast-check";
import { expect, test } from "vitest";
import { parseOldUrl } from "./old-url";

const ID = "5bf66975-d4c7-4bf5-bcc8-b8d8a82ea278";

test.each([
  [`https://hc-ping.com/${ID}`, "Healthchecks", { by: "uuid", uuid: ID }, `/ping/${ID}`],
  [`https://hc-ping.com/${ID}/start?rid=1`, "Healthchecks", { by: "uuid", uuid: ID }, `/ping/${ID}`],
  [
    `https://checks.example.org/ping/${ID.toUpperCase()}/0`,
    "Healthchecks",
    { by: "uuid", uuid: ID },
    `/ping/${ID.toUpperCase()}`,
  ],
  [
    "https://hc-ping.com/fqOOd6-F4MMNuCEnzTU01w/db-backups",
    "Healthchecks",
    { by: "slug", slug: "db-backups" },
    "/ping/{key}/db-backups",
  ],
  [
    "https://x.org/ping/fqOOd6/db-backups/fail",
    "Healthchecks",
    { by: "slug", slug: "db-backups" },
    "/ping/{key}/db-backups",
  ],
  [
    "https://cronitor.link/p/d3adb33f/nightly?state=run",
    "Cronitor",
    { by: "slug", slug: "nightly" },
    "/p/{key}/nightly",
  ],
  ["https://eu.cronitor.link/ping/d3adb33f/Nightly", "Cronitor", { by: "slug", slug: "nightly" }, "/p/{key}/Nightly"],
  [
    "https://uptime.betterstack.com/api/v1/heartbeat/eW5vdGF0b2tlbg",
    "Better Stack",
    { by: "token", token: "eW5vdGF0b2tlbg" },
    "/api/v1/heartbeat/eW5vdGF0b2tlbg",
  ],
  [
    "https://app.pingura.com/api/heartbeat/abcdef0123456789/fail",
    "Pingura",
    { by: "token", token: "abcdef0123456789" },
    "/api/heartbeat/abcdef0123456789",
  ],
  [
    "https://kuma.example.org/api/push/7qLmP0wXyz?status=up&msg=OK&ping=",
    "Uptime Kuma",
    { by: "token", token: "7qLmP0wXyz" },
    "/api/push/7qLmP0wXyz",
  ],
  [
    "https://nosnch.in/c2354d53d2",
    "Dead Man's Snitch",
    { by: "token", token: "c2354d53d2" },
    "/api/heartbeat/c2354d53d2",
  ],
  [`https://ping.checklyhq.com/${ID}`, "Checkly", { by: "uuid", uuid: ID }, `/ping/${ID}`],
  [`https://api.checklyhq.com/heartbeats/ping/${ID}`, "Checkly", { by: "uuid", uuid: ID }, `/heartbeats/ping/${ID}`],
  [
    "https://status.example.org/heartbeat/tok_1234567890",
    "OpenStatus",
    { by: "token", token: "tok_1234567890" },
    "/heartbeat/tok_1234567890",
  ],
  [
    "https://o1.ingest.sentry.io/api/42/cron/nightly/abc123/",
    "Sentry",
    { by: "slug", slug: "nightly" },
    "/api/42/cron/nightly/{key}/",
  ],
  [
    "https://pingpulsehq.com/hbk/cron_backup?key=K",
    "PingPulse",
    { by: "slug", slug: "cron_backup" },
    "/hbk/cron_backup?key={key}",
  ],
  [
    "https://pingpulsehq.com/phk/ph123/start?key=K",
    "PingPulse",
    { by: "hook", hook: "ph123" },
    "/phk/ph123/start?key={key}",
  ],
])("%s", (text, service, identity, path) => {
  expect(parseOldUrl(text)).toMatchObject({ service, identity, path });
});

test("is found in a whole line", () => {
  const line = `0 3 * * * /usr/bin/backup.sh && curl -fsS -m 10 --retry 5 -o /dev/null "https://hc-ping.com/${ID}"; echo`;
  expect(parseOldUrl(line)?.identity).toEqual({ by: "uuid", uuid: ID });
});

test("whoever sent an exit status to a snitch is told where it belongs, and nobody else", () => {
  const token = "c2354d53d2";
  const snitch = parseOldUrl(`0 3 * * * job; curl "https://nosnch.in/${token}?s=$?"`);
  expect(snitch).toMatchObject({ path: `/api/heartbeat/${token}`, note: expect.stringContaining("/$?") });
  expect(parseOldUrl(`https://app.pingura.com/api/heartbeat/${token}`)).toMatchObject({ note: null });
  expect(parseOldUrl(`https://hc-ping.com/${ID}`)).toMatchObject({ note: null });
});

test.each([
  "",
  "nonsense",
  "https://example.org/",
  "https://example.org/a/b",
  "https://nosnch.in/short",
  "ftp://hc-ping.com/x",
  "https://hc-ping.com/5bf66975",
])("%s is none", (text) => {
  expect(parseOldUrl(text)).toBeNull();
});

test("whatever is pasted, it is read or it is not", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.webUrl(),
        fc.webPath().map((path) => `https://hc-ping.com/ping${path}`),
      ),
      (text) => {
        const found = parseOldUrl(text);
        expect(found === null || found.path.startsWith("/")).toBe(true);
      },
    ),
  );
});
