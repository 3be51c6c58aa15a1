import { type SpawnOptionsWithStdioTuple, type StdioNull, type StdioPipe, spawn } from "node:child_process";

export type Ended = { code: number | null; output: string };

type Options = { signal: AbortSignal; env?: NodeJS.ProcessEnv };

/** Runs a Node program to its end and keeps what it says. Rejects when `signal` is aborted, which also ends it. */
export async function runNode(args: string[], { signal, env }: Options): Promise<Ended> {
  const options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  };
  const child = spawn(process.execPath, args, env === undefined ? options : { ...options, env });
  const output: Buffer[] = [];
  const keep = (chunk: Buffer): unknown => output.push(chunk);
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const code = await new Promise<number | null>((ended, failed) => child.once("error", failed).once("close", ended));
  return { code, output: Buffer.concat(output).toString() };
}
