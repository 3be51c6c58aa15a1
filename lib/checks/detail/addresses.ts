/** A check as other services would name it. `pingHost` is the host on which addresses live at the root, if there is one. */
export type Named = {
  origin: string;
  pingHost: string | undefined;
  id: string;
  slug: string;
  token: string;
  hookId: string;
  pingKey: string;
};

/** An address in the words of another service. */
export type Address = { service: string; hint: string; url: string };

/** What a check is called where there is a project's key before it: its slug if it has one, else its uuid. */
const nameOf = ({ slug, id }: Named): string => (slug === "" ? id : slug);

/** Where a check is reported to in the words of other services, so that whoever comes from one changes the host only. */
export function addressesOf(check: Named): Address[] {
  const { origin, pingHost, id, slug, token, hookId, pingKey } = check;
  const name = nameOf(check);
  const root = pingHost === undefined ? null : `${new URL(origin).protocol}//${pingHost}`;
  const address = (service: string, path: string, hint: string): Address => ({ service, url: origin + path, hint });
  const start = "Add /start, /fail or the exit status.";
  const end = "Add /fail or the exit status.";
  return [
    slug === ""
      ? address("Healthchecks", `/ping/${id}`, start)
      : address("Healthchecks", `/ping/${pingKey}/${slug}`, start),
    address("Pingura", `/api/heartbeat/${token}`, end),
    address("PingPulse pulse", `/hbk/${name}?key=${pingKey}`, "Add &status=$? for the exit status."),
    address("PingPulse process hook", `/phk/${hookId}/start?key=${pingKey}`, "Replace start by finish at the end."),
    address("Better Stack", `/api/v1/heartbeat/${token}`, end),
    address("Uptime Kuma", `/api/push/${token}?status=up&msg=OK&ping=`, "status=down is a failure."),
    address("OpenStatus", `/heartbeat/${token}`, "Add /fail for a failure."),
    address("Checkly", `/heartbeats/ping/${id}`, "Success only."),
    address("Cronitor", `/p/${pingKey}/${name}?state=complete`, "state is run, complete, fail or ok."),
    address("Sentry Crons", `/api/0/cron/${name}/${pingKey}/?status=ok`, "status is in_progress, ok or error."),
    ...(root === null
      ? []
      : [
          {
            service: "Dead Man's Snitch",
            url: `${root}/${token}`,
            hint: "Add ?s=$? for the exit status, &m= for a message.",
          },
        ]),
  ];
}
