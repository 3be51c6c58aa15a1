import type { Socket } from "node:net";
import type { PoolClient } from "pg";

/** What the driver does not declare of its client: the connection's socket. */
type WithSocket = { connection?: { stream?: Pick<Socket, "cork" | "uncork"> } };

/**
 * Sends all statements that `send` starts as one packet: one system call, and one waking of the server, for the whole
 * flight. They must be started before `send` returns; waiting for them comes after.
 */
export function inOneFlight<T>(client: PoolClient, send: () => T): T {
  const stream = (client as WithSocket).connection?.stream; // optional, so that another driver only loses the gain
  stream?.cork();
  try {
    return send();
  } finally {
    stream?.uncork();
  }
}
