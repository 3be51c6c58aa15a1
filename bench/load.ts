import { randomBytes } from "node:crypto";
import { LoadConnection } from "./load-connection";
import type { LoadPlan, LoadResult, PlannedRequest } from "./load-plan";
import { Tally } from "./tally";

// A program of its own: receives one plan from its parent, carries it out over plain sockets, answers with the result.

/** Nothing waits longer than this for the last answers. */
const LAST_ANSWERS_MS = 30_000;

/** Text that does not compress to nothing, as real output does not. */
const filling = randomBytes(100_000).toString("base64");

function bytesOf({ target, method = "GET", bodyBytes = 0, ...more }: PlannedRequest, port: number): Buffer {
  const { host = `127.0.0.1:${port}`, body = filling.slice(0, bodyBytes) } = more;
  const length = method === "POST" ? `Content-Length: ${body.length}\r\n` : "";
  const head = `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n${length}\r\n`;
  return Buffer.from(head + body);
}

/** A connection with its place in the script it is sending. */
type Sender = { connection: LoadConnection; script: Buffer[]; position: number; sentAt: number };

class Load {
  readonly #plan: LoadPlan;
  readonly #scripts: Buffer[][];
  readonly #senders: Sender[] = [];
  /** In a load with a count: those with nothing to do. */
  readonly #idle: Sender[] = [];
  readonly #done: (result: LoadResult) => void;
  #tally = new Tally(0);
  #nextScript = 0;
  #sent = 0;
  #inFlight = 0;
  #ending = false;

  constructor(plan: LoadPlan, done: (result: LoadResult) => void) {
    this.#plan = plan;
    this.#done = done;
    this.#scripts = plan.scripts.map((script) => script.map((request) => bytesOf(request, plan.port)));
  }

  /** Opens every connection, then starts them together. */
  start(): void {
    let toOpen = this.#plan.connections;
    const opened = (): void => {
      toOpen -= 1;
      if (toOpen === 0) this.#begin();
    };
    for (let count = 0; count < this.#plan.connections; count += 1) this.#senders.push(this.#open(opened));
  }

  #open(opened: () => void): Sender {
    const connection = new LoadConnection(this.#plan.port, opened, (status) => this.#answered(sender, status));
    const sender: Sender = { connection, script: [], position: 0, sentAt: 0 };
    return sender;
  }

  #begin(): void {
    const { until, warmUpMs } = this.#plan;
    this.#tally = new Tally(warmUpMs);
    if ("count" in until) {
      this.#idle.push(...this.#senders);
      this.#pace();
      return;
    }
    setTimeout(() => this.#stop(), until.seconds * 1000);
    for (const sender of this.#senders) this.#send(sender);
  }

  /** Sends what is due, as far as there are connections, until all has been sent. */
  #pace(): void {
    while (this.#isDue()) {
      const sender = this.#idle.pop();
      if (sender === undefined) break;
      this.#send(sender);
    }
    if (this.#hasMore()) setTimeout(() => this.#pace(), 1);
    else this.#stop();
  }

  #hasMore(): boolean {
    const { until } = this.#plan;
    return "count" in until ? this.#sent < until.count : !this.#ending;
  }

  #dueAt(): number {
    const { until } = this.#plan;
    if ("seconds" in until) return performance.now();
    return this.#tally.startedAt + (this.#sent / until.count) * until.withinSeconds * 1000;
  }

  #isDue(): boolean {
    return this.#hasMore() && this.#dueAt() <= performance.now();
  }

  #send(sender: Sender): void {
    if (sender.position === sender.script.length) {
      sender.script = this.#scripts[this.#nextScript % this.#scripts.length] ?? [];
      sender.position = 0;
      this.#nextScript += 1;
    }
    const request = sender.script[sender.position];
    if (request === undefined) throw new Error("a script is empty");
    sender.position += 1;
    sender.sentAt = this.#dueAt();
    this.#sent += 1;
    this.#inFlight += 1;
    sender.connection.send(request);
  }

  #answered(sender: Sender, status: number): void {
    this.#inFlight -= 1;
    this.#tally.note(status, sender.sentAt);
    // One that broke is not replaced: it is a failure of the run.
    if (status !== 0 && this.#isDue()) this.#send(sender);
    else if (status !== 0) this.#idle.push(sender);
    if (this.#ending && this.#inFlight === 0) this.#finish();
  }

  #stop(): void {
    this.#ending = true;
    setTimeout(() => this.#finish(), LAST_ANSWERS_MS).unref();
    if (this.#inFlight === 0) this.#finish();
  }

  #finish(): void {
    for (const { connection } of this.#senders.splice(0)) connection.end();
    this.#done(this.#tally.result());
  }
}

process.once("message", (plan: LoadPlan) => {
  new Load(plan, (result) => process.send?.(result, () => process.exit(0))).start();
});
// A message that came while the loader was still at work would be lost.
process.send?.("ready");
