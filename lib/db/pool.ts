import pg from "pg";
import { AppError } from "@/lib/core/errors";
import { env } from "@/lib/env";
import { log } from "@/lib/log";
import { bindAtOnce } from "./bind";

/** What a statement needs: a pool or a client inside a transaction. */
export type Db = Pick<pg.Pool | pg.PoolClient, "query">;

// int8 as number: counts and milliseconds here stay far below 2^53.
const types = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === pg.types.builtins.INT8
      ? Number
      : pg.types.getTypeParser(oid, format as "text")) as typeof pg.types.getTypeParser, // pg's overloads cannot be met by one function
};

function createPool(url: string, max = 12): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    pipeline: true,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "idle database connection lost"));
  pool.on("connect", bindAtOnce);
  return pool;
}

// The server entry and Next's bundles are separate module graphs in one process; they meet here.
const shared = globalThis as typeof globalThis & { pulsetrailPool?: pg.Pool };

/** Gives this process its database. */
export function connect(url: string): pg.Pool {
  shared.pulsetrailPool = createPool(url);
  return shared.pulsetrailPool;
}

/** The pool of this process; from DATABASE_URL when no entry point called `connect`. */
export function pool(): pg.Pool {
  if (shared.pulsetrailPool === undefined) {
    const url = env().DATABASE_URL;
    if (url === undefined) throw new AppError("unavailable", "DATABASE_URL is not set.");
    shared.pulsetrailPool = createPool(url);
  }
  return shared.pulsetrailPool;
}
