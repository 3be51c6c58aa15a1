import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { pool } from "@/lib/db/pool";
import { makeCheck, type StoredPing, storedCheck, storedPings } from "./checks";
import { type Door, openDoor } from "./door";
import { makeWorld, type World } from "./world";

type Told = { status: number; body: Record<string, unknown> };
type Run = { rid: string | null; status: string };

/** A front door with a world behind it, and the check that the present test reports to. */
class Heartbeats {
  #opened: { door: Door; world: World } | null = null;
  #check: { id: string; token: string; hook: string; slug: string } | null = null;

  /** Before the tests of a file. */
  async open(): Promise<void> {
    this.#opened = { door: await openDoor(), world: await makeWorld() };
  }

  close(): Promise<void> {
    return this.#door.close();
  }

  /** Before each test. */
  async renew(): Promise<void> {
    const slug = `nightly-${randomUUID().slice(0, 8)}`;
    const id = await makeCheck(this.world.project.id, { slug });
    this.#check = { id, slug, token: await heartbeatToken(id), hook: await hookId(id) };
  }

  get #door(): Door {
    if (this.#opened === null) throw new Error("the door opens before the tests");
    return this.#opened.door;
  }

  get #present() {
    if (this.#check === null) throw new Error("a check is made before each test");
    return this.#check;
  }

  get world(): World {
    if (this.#opened === null) throw new Error("the world is made before the tests");
    return this.#opened.world;
  }

  get origin(): string {
    return this.#door.url;
  }

  get id(): string {
    return this.#present.id;
  }

  get slug(): string {
    return this.#present.slug;
  }

  get token(): string {
    return this.#present.token;
  }

  get hook(): string {
    return this.#present.hook;
  }

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.origin}${path}`, init);
  }

  /** Status and text of an answer. */
  async text(path: string, init?: RequestInit): Promise<[number, string]> {
    const answer = await this.fetch(path, init);
    return [answer.status, await answer.text()];
  }

  /** Status and object of an answer in JSON. */
  async json(path: string, init?: RequestInit): Promise<Told> {
    const answer = await this.fetch(path, init);
    return { status: answer.status, body: (await answer.json()) as Told["body"] }; // asked only where all answers are objects
  }

  /** The same, of JSON that is posted. */
  post(path: string, body: unknown): Promise<Told> {
    const headers = { "Content-Type": "application/json" };
    return this.json(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  stored(): ReturnType<typeof storedCheck> {
    return storedCheck(this.id);
  }

  pings(): Promise<StoredPing[]> {
    return storedPings(this.id);
  }

  async lastPing(): Promise<StoredPing | undefined> {
    return (await this.pings()).at(-1);
  }

  /** Its runs, oldest first. */
  async runs(): Promise<Run[]> {
    const found = await pool().query<Run>("SELECT rid, status FROM runs WHERE check_id = $1 ORDER BY started_at, id", [
      this.id,
    ]);
    return found.rows;
  }
}

/** For the tests of one dialect: called once in a file, with a fresh check for each of its tests. */
export function heartbeats(): Heartbeats {
  const made = new Heartbeats();
  beforeAll(() => made.open());
  afterAll(() => made.close());
  beforeEach(() => made.renew());
  return made;
}

async function column(name: "heartbeat_token" | "process_hook_id", checkId: string): Promise<string> {
  const found = await pool().query<{ value: string }>(`SELECT ${name} AS value FROM checks WHERE id = $1`, [checkId]);
  return found.rows[0]?.value ?? "";
}

/** The heartbeat token of a check. */
export const heartbeatToken = (checkId: string): Promise<string> => column("heartbeat_token", checkId);

/** The process hook id of a check. */
export const hookId = (checkId: string): Promise<string> => column("process_hook_id", checkId);

type Asked = { method?: string; headers: Record<string, string> };

/** Asks with headers that `fetch` sets by itself, such as `Host`; gives status and text of the answer. */
export async function ask(url: string, { method = "GET", headers }: Asked): Promise<[number, string]> {
  const sent = request(url, { method, headers: { Connection: "close", ...headers } });
  sent.end();
  const [answer]: IncomingMessage[] = await once(sent, "response");
  return [answer?.statusCode ?? 0, answer === undefined ? "" : await text(answer)];
}
