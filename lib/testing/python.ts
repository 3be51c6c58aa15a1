import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bareEnvironment } from "@/lib/env";

/** As much of the library `requests` as the samples of the reference use, so that they need no package. */
const REQUESTS = `
import json, urllib.error, urllib.parse, urllib.request
class Response:
    def __init__(self, answer): self.status_code, self.body = answer.status, answer.read()
    def json(self): return json.loads(self.body)
def send(method, url, params, data, headers):
    whole = url + ("?" + urllib.parse.urlencode(params) if params else "")
    try: return Response(urllib.request.urlopen(urllib.request.Request(whole, data, headers, method=method)))
    except urllib.error.HTTPError as refusal: return Response(refusal)
def get(url, params=None): return send("GET", url, params, None, {})
def post(url, params=None, json=None):
    import json as codec
    return send("POST", url, params, codec.dumps(json).encode(), {"Content-Type": "application/json"})
`;

const run = promisify(execFile);

/** Runs a Python program that may import `requests`, and gives what it prints. */
export async function python(program: string): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), "pulsetrail-samples-"));
  try {
    writeFileSync(join(scratch, "requests.py"), REQUESTS);
    const { stdout } = await run("python3", ["-u", "-c", program], {
      env: { ...bareEnvironment(), PYTHONPATH: scratch },
    });
    return stdout;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether there is a Python to run samples with. */
export const HAS_PYTHON = await run("python3", ["--version"]).then(
  () => true,
  () => false,
);
