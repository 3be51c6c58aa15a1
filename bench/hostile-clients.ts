import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostileJob } from "./children";

// A program of its own: clients that mean no good, or were written by someone in a hurry, against a port of this machine.

/** So many attackers, each pausing so long between two attempts. */
const ATTACKERS = 20;
const PAUSE_MS = 20;
/** For attacks that consist of staying. */
const STAYING = 1000;

type Attack = (socket: Socket) => Promise<unknown>;

const open = (port: number): Promise<Socket> =>
  new Promise((opened, failed) => {
    const socket = connect(port, "127.0.0.1", () => opened(socket));
    socket.on("error", failed).resume();
  });

const closed = (socket: Socket): Promise<unknown> => new Promise((done) => socket.once("close", done));

/** Sends each text and waits for the answer that closes, but not long. The bytes are made once, as for the load. */
const sendAndWait = (...texts: string[]): Attack => {
  const requests = texts.map((text) => Buffer.from(text));
  return (socket) => {
    for (const request of requests) socket.write(request);
    return Promise.race([closed(socket), sleep(500)]);
  };
};

const HEAD = "Host: localhost\r\nUser-Agent: hostile\r\n";

/** Repeated as fast as the pause allows. */
const QUICK: Record<string, (target: string) => Attack> = {
  "half-sent requests": (target) => async (socket) => {
    socket.write(`POST ${target} HTTP/1.1\r\n${HEAD}Content-Length: 100\r\n\r\nhalf`);
    await sleep(5);
  },
  "pipelined requests": (target) => sendAndWait(`GET ${target}?rid=none HTTP/1.1\r\n${HEAD}\r\n`.repeat(10)),
  "headers of 100 kB": (target) =>
    sendAndWait(`GET ${target} HTTP/1.1\r\n${HEAD}X-Long: ${"x".repeat(100_000)}\r\n\r\n`),
  "false Content-Length": (target) =>
    sendAndWait(
      `POST ${target} HTTP/1.1\r\n${HEAD}Content-Length: 5\r\n\r\nmuch more than was said`,
      `POST ${target} HTTP/1.1\r\n${HEAD}Content-Length: 1e9\r\nContent-Length: 3\r\n\r\nabc`,
    ),
  "chunked garbage": (target) =>
    sendAndWait(`POST ${target} HTTP/1.1\r\n${HEAD}Transfer-Encoding: chunked\r\n\r\nzz\r\n\0garbage\r\n-1\r\n`),
};

/** Kept open all the time; the text is sent one character every 100 ms. */
const STEADY: Record<string, string> = {
  "slow-loris": `POST /ping HTTP/1.1\r\n${HEAD}X-Slow: ${"x".repeat(10_000)}`,
  "1,000 idle connections": "",
};

async function repeat(job: HostileJob, attack: Attack): Promise<number> {
  const endAt = performance.now() + job.seconds * 1000;
  let attacks = 0;
  while (performance.now() < endAt) {
    const socket = await open(job.port);
    socket.on("error", () => undefined);
    await attack(socket);
    socket.destroy();
    attacks += 1;
    await sleep(PAUSE_MS);
  }
  return attacks;
}

async function stay({ port, seconds }: HostileJob, text: string): Promise<number> {
  const sockets: Socket[] = [];
  for (let count = 0; count < STAYING; count += 50) {
    sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => open(port)))));
  }
  for (const socket of sockets) socket.removeAllListeners("error").on("error", () => undefined);
  const endAt = performance.now() + seconds * 1000;
  for (let at = 0; performance.now() < endAt; at += 1) {
    const character = text[at];
    for (const socket of sockets) if (character !== undefined && socket.writable) socket.write(character);
    await sleep(100);
  }
  for (const socket of sockets) socket.destroy();
  return sockets.length;
}

async function run(job: HostileJob): Promise<number> {
  const text = STEADY[job.kind];
  if (text !== undefined) return stay(job, text);
  const attack = QUICK[job.kind];
  if (attack === undefined) throw new Error(`no such attack: ${job.kind}`);
  const made = attack(job.target);
  const counts = await Promise.all(Array.from({ length: ATTACKERS }, () => repeat(job, made)));
  return counts.reduce((sum, count) => sum + count, 0);
}

process.once("message", (job: HostileJob) => {
  run(job).then(
    (attacks) => process.send?.({ attacks }, () => process.exit(0)),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.send?.("ready");
