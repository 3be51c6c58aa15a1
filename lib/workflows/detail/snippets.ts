import type { Snippet } from "@/lib/checks/detail/snippets";
import type { Kind } from "@/lib/workflows/definition";

/** `url` is where stages are reported; `stages` are the names of the declared ones. */
export type Reported = { url: string; kind: Kind; stages: string[] };

/** What stands for the key in commands: nobody pastes one into a file by accident. */
export const KEY = "$PULSETRAIL_KEY";

type Example = { number: number; name: string; query: string };

const EXAMPLES = ["Extract", "Transform", "Load"];
const MAX_SHOWN = 3;

/** JSON strings are literals of JavaScript and Python. */
const quoted = (text: string): string => JSON.stringify(text);
/** One line of text that ends no comment, whatever a stage is called. */
const comment = (text: string): string => text.replaceAll(/\s+/g, " ");

/** The first few stages; a dynamic workflow begins and ends by saying so. */
function examples({ kind, stages }: Reported): Example[] {
  const names = (kind === "static" ? stages : EXAMPLES).slice(0, MAX_SHOWN);
  return names.map((name, index) => {
    const number = index + 1;
    if (kind === "static") return { number, name, query: `stage=${number}` };
    const mark = index === 0 ? "&start=yes" : index === names.length - 1 ? "&final=yes" : "";
    return { number, name, query: `stagePath=${number}${mark}` };
  });
}

const CURL = "curl -fsS -m 10 --retry 5 -o /dev/null";

/** Reports one stage from a POSIX shell. `key` replaces the name of the variable that holds it. */
export const stageCommand = (url: string, query: string, key = KEY): string => `curl -fsS "${url}?${query}&key=${key}"`;

const TOLD = `{
    "model_id": "claude-sonnet-4-5",
    "usage": {"input_tokens": 1500, "output_tokens": 500},
    "tags": ["acme"]
  }`;

/** Reports one step of an agent from a POSIX shell, with what it used, to a workflow that it makes. */
export const costCommand = (url: string, key: string): string =>
  `${stageCommand(url, "stagePath=1&start=yes&agent=writer", key)} \\\n  -H "Content-Type: application/json" \\\n  -d '${TOLD}'`;

const curl = (of: Reported): string =>
  examples(of)
    .map(({ number, name, query }) => `# Stage ${number}: ${comment(name)}\n${CURL} "${of.url}?${query}&key=${KEY}"`)
    .join("\n\n");

const PARAMETER: Record<Kind, string> = { static: "stage", dynamic: "stagePath" };

function calls(of: Reported, flags: { start: string; final: string }, call: (args: string) => string): string {
  return examples(of)
    .map(({ number, query }) => {
      const flag = query.endsWith("start=yes") ? flags.start : query.endsWith("final=yes") ? flags.final : "";
      return call(`${of.kind === "static" ? number : quoted(String(number))}${flag}`);
    })
    .join("\n");
}

const python = (of: Reported): string => `import json
import os
import urllib.parse
import urllib.request

URL = ${quoted(of.url)}
KEY = os.environ["PULSETRAIL_KEY"]


def report(stage, payload=None, **more):
    """Reports a stage; more may be start="yes", final="yes", agent="…"."""
    query = urllib.parse.urlencode({${quoted(PARAMETER[of.kind])}: stage, **more})
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    body = json.dumps(payload or {}).encode()
    request = urllib.request.Request(f"{URL}?{query}", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


${calls(of, { start: ', start="yes"', final: ', final="yes"' }, (args) => `report(${args})`)}`;

const node = (of: Reported): string => `const url = ${quoted(of.url)};
const key = process.env.PULSETRAIL_KEY;

/** Reports a stage; more may be { start: "yes", final: "yes", agent: "…" }. */
async function report(stage, more = {}, payload = {}) {
  const query = new URLSearchParams({ ${PARAMETER[of.kind]}: stage, ...more });
  const answer = await fetch(\`\${url}?\${query}\`, {
    method: "POST",
    headers: { Authorization: \`Bearer \${key}\`, "Content-Type": "application/json" },
    body: JSON.stringify(payload),
    signal: AbortSignal.timeout(10_000),
  });
  return answer.json();
}

${calls(of, { start: ', { start: "yes" }', final: ', { final: "yes" }' }, (args) => `await report(${args});`)}`;

const githubActions = (of: Reported): string => `env:
  PULSETRAIL_URL: ${quoted(of.url)}
  PULSETRAIL_KEY: \${{ secrets.PULSETRAIL_KEY }}

steps:
${examples(of)
  .map(
    ({ number, query }) => `  - run: ./stage-${number}.sh
  - name: Report stage ${number}
    run: ${CURL} "$PULSETRAIL_URL?${query}&key=${KEY}"`,
  )
  .join("\n")}`;

/** The arguments that end a call of `report`, for the example at this place. */
const airflowMarks = (query: string): string =>
  query.endsWith("start=yes") ? ', start="yes"' : query.endsWith("final=yes") ? ', final="yes"' : "";

const airflow = (of: Reported): string => `import os
import urllib.parse
import urllib.request

from airflow.operators.bash import BashOperator

URL = ${quoted(of.url)}


def report(stage, **more):
    def callback(context):
        query = urllib.parse.urlencode({${quoted(PARAMETER[of.kind])}: stage, "agent": context["task"].task_id, **more})
        key = os.environ["PULSETRAIL_KEY"]
        request = urllib.request.Request(f"{URL}?{query}", headers={"Authorization": f"Bearer {key}"})
        urllib.request.urlopen(request, timeout=10)

    return callback

${examples(of)
  .map(
    ({ number, query }) => `
stage_${number} = BashOperator(
    task_id="stage_${number}",
    bash_command="./stage-${number}.sh ",
    on_success_callback=report("${number}"${airflowMarks(query)}),
    on_failure_callback=report("${number}", status="failed"),
)`,
  )
  .join("\n")}

${examples(of)
  .map(({ number }) => `stage_${number}`)
  .join(" >> ")}`;

/** How to report the stages of a workflow from the places where pipelines run. */
export function snippetsFor(of: Reported): Snippet[] {
  const key = "The key is an API key of this project, or its ping key, in PULSETRAIL_KEY.";
  return [
    { id: "curl", label: "curl", hint: `After each stage. ${key}`, text: curl(of) },
    { id: "python", label: "Python", hint: `With the standard library. ${key}`, text: python(of) },
    { id: "node", label: "Node.js", hint: `Without a package. ${key}`, text: node(of) },
    {
      id: "github",
      label: "GitHub Actions",
      hint: "In a job, with the key as a secret of the repository.",
      text: githubActions(of),
    },
    { id: "airflow", label: "Airflow", hint: "Callbacks of the tasks, with the standard library.", text: airflow(of) },
  ];
}
