import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ensureGenerated } from "@/lib/boot/build";
import { bringUpToDate, openDatabase } from "@/lib/boot/database";
import { announce, createFirstAccount } from "@/lib/boot/first-account";
import { authSecret } from "@/lib/boot/secrets";
import { readSettings } from "@/lib/boot/settings";
import { Shutdown } from "@/lib/boot/shutdown";
import { connect } from "@/lib/db/pool";
import type { Demo } from "@/lib/demo/fill";
import type { Due, Player } from "@/lib/demo/live";
import { env, settle } from "@/lib/env";

const USAGE = `npm run demo             fills the first project with a demonstration and keeps it alive; starts the server if none runs
npm run demo -- --once   fills it and ends
npm run demo -- --remove takes it out again
`;
const ANSWER_WITHIN_MS = 5000;

const say = (line: string): unknown => process.stdout.write(`${line}\n`);

async function isServing(): Promise<boolean> {
  const answer = await fetch(`${env().BASE_URL}/api/health`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch(
    () => null,
  );
  return answer?.ok === true;
}

/** Starts the server as `npm start` does and resolves when it is ready. What it says is passed on. */
async function startServer(shutdown: Shutdown): Promise<void> {
  const child = spawn(process.execPath, ["--max-old-space-size=512", "--import", "tsx", "server.ts"], {
    stdio: ["ignore", "pipe", "inherit"],
    // A Ctrl-C in the terminal shall reach it once, through us.
    detached: true,
  });
  const ended = once(child, "close");
  shutdown.add(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((ready, failed) => {
    lines.on("line", (line) => {
      say(line);
      const [, origin] = /^pulsetrail ready at (.+)$/.exec(line) ?? [];
      if (origin === undefined) return;
      settle({ BASE_URL: origin }); // only the server knows which port it got
      ready();
    });
    ended.then(() => failed(new Error("The server did not start.")), failed);
  });
}

async function openHere(shutdown: Shutdown): Promise<void> {
  const url = await openDatabase(env(), shutdown);
  settle({ AUTH_SECRET: authSecret(env()) });
  await bringUpToDate(url, shutdown.signal);
  const pool = connect(url);
  shutdown.add(() => pool.end());
  const account = await createFirstAccount(env());
  if (account !== null) say(announce(account, env().BASE_URL));
  await ensureGenerated(shutdown.signal);
}

/** Sends a signal, stages of workflows with the project's ping key, and says what became of it. */
async function send({ player, sending }: Due, { projectId, pingKey }: Demo): Promise<string> {
  const { isStillDemo } = await import("@/lib/demo/workflows-fill");
  const isStage = player.is === "workflow";
  // The stage that begins a run would make the workflow anew.
  if (isStage && !(await isStillDemo(projectId, player.id))) return "not sent (it was removed)";
  const { path, body, told } = sending;
  const headers = isStage ? { "X-Api-Key": pingKey, "Content-Type": "application/json" } : {};
  const init = body === undefined ? {} : { method: "POST", headers, body };
  const answer = await fetch(`${env().BASE_URL}${path}`, { ...init, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  await answer.text();
  return answer.ok ? told : `${told} was refused (${answer.status})`;
}

/** Sends what is still to happen, each when its time has come, until `signal` is aborted. */
async function keepAlive(demo: Demo, signal: AbortSignal): Promise<void> {
  const { takeNext } = await import("@/lib/demo/live");
  const players: Player[] = [...demo.checks, ...demo.workflows];
  for (let due = takeNext(players); due !== null; due = takeNext(players)) {
    await pause(Math.max(0, due.sending.at - Date.now()), undefined, { signal });
    // A server that is away for a while is what the demonstration is about: it goes on when it is back.
    const outcome = await send(due, demo).catch((error: Error) => `not sent (${error.message})`);
    say(`${new Date().toISOString().slice(11, 19)}  ${due.player.name}: ${outcome}`);
  }
}

/** How often it is looked whether somebody has answered. */
const ASK_AGAIN_MS = 60_000;

/** Asks for the approval of the demonstration again, a while after it was answered, until `signal` is aborted. */
async function keepAsking({ projectId }: Demo, signal: AbortSignal): Promise<void> {
  const { renewApproval } = await import("@/lib/demo/approvals-fill");
  for (;;) {
    await pause(ASK_AGAIN_MS, undefined, { signal });
    const isAsked = await renewApproval(projectId).catch(() => false);
    if (isAsked) say(`${new Date().toISOString().slice(11, 19)}  Shop agent: asks for an approval`);
  }
}

function show({ projectId, projectName, checks, workflows }: Demo): void {
  const what = `${checks.length} checks and ${workflows.length} workflows of a shop`;
  say(`\nThe project "${projectName}" shows ${what} now, with a quarter of history:`);
  say(`${env().BASE_URL}/projects/${projectId}\n`);
}

async function main(shutdown: Shutdown): Promise<void> {
  const options = { once: { type: "boolean" }, remove: { type: "boolean" }, help: { type: "boolean" } } as const;
  const { values } = parseArgs({ options });
  if (values.help) return void say(USAGE);
  readSettings(false);
  const isLive = !(values.once || values.remove);
  if (isLive && !(await isServing())) await startServer(shutdown);
  await openHere(shutdown);
  const { fillDemo, removeDemo } = await import("@/lib/demo/fill");
  if (values.remove) {
    const { checks, workflows, approvals } = await removeDemo();
    return void say(
      `Removed ${checks} checks, ${workflows} workflows and ${approvals} approvals of the demonstration.`,
    );
  }
  const demo = await fillDemo();
  show(demo);
  if (!isLive) return;
  say("It stays alive until you press Ctrl-C; npm run demo -- --remove takes it out again.\n");
  await Promise.all([keepAlive(demo, shutdown.signal), keepAsking(demo, shutdown.signal)]);
}

const shutdown = new Shutdown();
const work = main(shutdown);
shutdown.onSignal(() => work);
const failure = await work.then(
  () => null,
  (error: unknown) => error,
);
// After a signal, whoever took it stops everything.
if (!shutdown.signal.aborted) {
  await shutdown.run();
  if (failure !== null) process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(failure === null ? 0 : 1);
}
