import type { Schedule } from "@/lib/checks/schedule/schedule";

/** Something to paste where a job runs. */
export type Snippet = { id: string; label: string; hint: string; text: string };

export type Snippeted = { url: string; schedule: Schedule };

const NIGHTLY = "0 3 * * *";
const CURL = "curl -fsS -m 10 --retry 5 -o /dev/null";

/** One word for a POSIX shell (POSIX.1-2017, XCU 2.2.2). */
const shell = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** In a crontab `%` ends the command (crontab(5)). */
const crontabShell = (text: string): string => shell(text).replaceAll("%", "\\%");
/** JSON strings are literals of JavaScript, Python and YAML. */
const quoted = (text: string): string => JSON.stringify(text);
/** A setting of systemd: `%` begins a specifier, backslash and quote are escapes (systemd.syntax(7)). */
const systemd = (text: string): string => JSON.stringify(text).replaceAll("%", "%%");
const powershell = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const isCron = (schedule: Schedule): schedule is Extract<Schedule, { kind: "calendar" }> =>
  schedule.kind === "calendar" && schedule.expression.trim().split(/\s+/).length === 5;

function crontab({ url, schedule }: Snippeted): string {
  const when = isCron(schedule) ? schedule.expression.trim() : NIGHTLY;
  return `${when} /path/to/job; ${CURL} ${crontabShell(`${url}/`)}$?`;
}

const bash = (url: string): string => `#!/usr/bin/env bash
# Usage: watched.sh command [arguments …]
url=${shell(url)}
rid=$(uuidgen | tr A-Z a-z)
report() { ${CURL} "$url/$1?rid=$rid" || true; }

report start
"$@"
status=$?
report "$status"
exit "$status"`;

const node = (url: string): string => `const url = ${quoted(url)};

// A report that fails must not fail the job.
const report = (path, body) =>
  fetch(url + path, { method: "POST", body, signal: AbortSignal.timeout(10_000) }).catch(() => {});

await report("/start");
try {
  await job();
  await report("");
} catch (error) {
  await report("/fail", String(error));
  throw error;
}`;

const python = (url: string): string => `import urllib.request

URL = ${quoted(url)}


def report(path="", body=""):
    try:
        urllib.request.urlopen(URL + path, data=body.encode(), timeout=10)
    except OSError:
        pass  # a report that fails must not fail the job


report("/start")
try:
    job()
except Exception as error:
    report("/fail", repr(error))
    raise
report()`;

const githubActions = (url: string): string => `steps:
  - run: ./job.sh
  - name: Report
    if: always()
    env:
      PULSE_URL: ${quoted(url)}
      PULSE_END: \${{ job.status == 'success' && '0' || '1' }}
    run: ${CURL} "$PULSE_URL/$PULSE_END"`;

const airflow = (url: string): string => `import urllib.request

from airflow import DAG

URL = ${quoted(url)}


def report(path):
    def callback(context):
        urllib.request.urlopen(URL + path, timeout=10)

    return callback


with DAG(
    "nightly",
    on_success_callback=report(""),
    on_failure_callback=report("/fail"),
) as dag:
    ...`;

// A doubled dollar reaches the shell as one.
const systemdUnit = (url: string): string => `[Service]
Type=oneshot
Environment=${systemd(`PULSE_URL=${url}`)}
ExecStartPre=-/bin/sh -c '${CURL} "$$PULSE_URL/start"'
ExecStart=/path/to/job
ExecStopPost=/bin/sh -c 'test "$$SERVICE_RESULT" = success; ${CURL} "$$PULSE_URL/$$?"'`;

const taskScheduler = (url: string): string => `# C:\\Jobs\\watched.ps1
$url = ${powershell(url)}
function Report($path) {
  try { Invoke-RestMethod -Method Post -Uri "$url/$path" -TimeoutSec 10 | Out-Null } catch { }
}
Report 'start'
& 'C:\\Jobs\\job.exe'
if ($LASTEXITCODE -eq 0) { Report '0' } else { Report '1' }

# Once, to have it run every night:
# schtasks /Create /TN "Watched job" /SC DAILY /ST 03:00 /TR "powershell -NoProfile -File C:\\Jobs\\watched.ps1"`;

/** Sends a number of this name to the address of a check. */
export const metricCommand = (url: string, name: string): string =>
  `${CURL} ${shell(`${url}?metric=${encodeURIComponent(name)}:120`)}`;

/** How to report to a check from the places where jobs run. */
export function snippetsFor(check: Snippeted): Snippet[] {
  const { url } = check;
  return [
    { id: "curl", label: "curl", hint: "After the work is done.", text: `${CURL} ${shell(url)}` },
    { id: "crontab", label: "crontab", hint: "Reports the exit status of the job.", text: crontab(check) },
    { id: "bash", label: "Bash", hint: "Reports the start and the exit status of any command.", text: bash(url) },
    { id: "node", label: "Node.js", hint: "Around a function of yours.", text: node(url) },
    {
      id: "python",
      label: "Python",
      hint: "Around a function of yours, with the standard library.",
      text: python(url),
    },
    { id: "github", label: "GitHub Actions", hint: "As the last step of a job.", text: githubActions(url) },
    { id: "airflow", label: "Airflow", hint: "Reports how every run of a DAG ends.", text: airflow(url) },
    { id: "systemd", label: "systemd", hint: "In the unit that a timer starts.", text: systemdUnit(url) },
    {
      id: "windows",
      label: "Windows Task Scheduler",
      hint: "A PowerShell script to schedule.",
      text: taskScheduler(url),
    },
  ];
}
