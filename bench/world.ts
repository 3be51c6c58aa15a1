import type { EmbeddedServer } from "@/lib/db/embedded";
import { AppServer, settingsFor } from "./app-server";
import { serveBareHttp, serveNextAlone } from "./children";
import { createDatabase, type Database, fill, fillingOf } from "./databases";
import { serveMails } from "./mails";

/** What workloads run against, each made when the first of them asks for it. */
export class World {
  readonly #server: EmbeddedServer;
  readonly #storedPings: number;
  readonly #made = new Map<string, Promise<unknown>>();
  readonly #closers: (() => Promise<unknown>)[] = [];

  constructor(server: EmbeddedServer, storedPings: number) {
    this.#server = server;
    this.#storedPings = storedPings;
  }

  /** A database without pings at first. */
  readonly empty = () => this.#once("empty", () => this.#database("empty"));

  /** A database with many pings. */
  readonly stored = () =>
    this.#once("stored", async () => {
      const database = await this.#database("stored");
      process.stderr.write(`storing ${this.#storedPings} pings …\n`);
      await fill(database, fillingOf(this.#storedPings));
      return database;
    });

  /** The same as `stored` but for the pings: as many checks, and a server that is used as much. */
  readonly unfilled = () =>
    this.#once("unfilled", async () => {
      const database = await this.#database("unfilled");
      await fill(database, { ...fillingOf(this.#storedPings), pingsPerCheck: 0 });
      return database;
    });

  /** A database for the pages of the dashboard. */
  readonly pages = () => this.#once("pages", () => this.#database("pages"));

  /** A database for the history of one check. */
  readonly history = () => this.#once("history", () => this.#database("history"));

  /** A database for the instances of workflows. */
  readonly workflows = () => this.#once("workflows", () => this.#database("workflows"));

  /** A database for instances that are replayed. */
  readonly replayed = () => this.#once("replayed", () => this.#database("replayed"));

  /** A database for what a workflow has cost. */
  readonly spent = () => this.#once("spent", () => this.#database("spent"));

  /** A database for instances that people follow. */
  readonly followed = () => this.#once("followed", () => this.#database("followed"));

  /** A database for traces. */
  readonly traced = () => this.#once("traced", () => this.#database("traced"));

  /** A database for approvals that agents wait for. */
  readonly waitedFor = () => this.#once("waited for", () => this.#database("waited_for"));

  /** The real server on the empty database. */
  readonly door = () => this.#once("door", () => this.#app(this.empty()));

  /** Another beside it on the same database. */
  readonly secondDoor = () => this.#once("second door", () => this.#app(this.empty()));

  /** The same with a mail service, which takes as long as a real one: mails are not all there is to do. */
  readonly mailDoor = () =>
    this.#once("mail door", async () => {
      const mails = await serveMails();
      this.#closers.push(mails.stop);
      const { url } = await this.empty();
      const app = await AppServer.start(url, {
        RESEND_API_KEY: "re_bench",
        RESEND_BASE_URL: mails.url,
        EMAIL_FROM: "approvals@bench.example",
      });
      this.#closers.push(() => app.stop());
      return app;
    });

  readonly storedDoor = () => this.#once("stored door", () => this.#app(this.stored()));

  readonly unfilledDoor = () => this.#once("unfilled door", () => this.#app(this.unfilled()));

  readonly bareHttp = () =>
    this.#once("bare http", async () => {
      const served = await serveBareHttp();
      this.#closers.push(served.stop);
      return served;
    });

  readonly nextAlone = () =>
    this.#once("next alone", async () => {
      await this.door(); // it builds the app when that is needed
      const served = await serveNextAlone(settingsFor((await this.empty()).url));
      this.#closers.push(served.stop);
      return served;
    });

  /** Whether a workload asked for it. */
  has(what: "door" | "stored" | "empty"): boolean {
    return this.#made.has(what);
  }

  /** Stops everything, also when a part has broken down already. */
  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close().catch(() => undefined);
  }

  async #database(name: string): Promise<Database> {
    const database = await createDatabase(this.#server, name);
    this.#closers.push(() => database.pool.end());
    return database;
  }

  async #app(database: Promise<Database>): Promise<AppServer> {
    const app = await AppServer.start((await database).url);
    this.#closers.push(() => app.stop());
    return app;
  }

  #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made as Promise<T>; // a name is only ever given to one kind of thing
  }
}
