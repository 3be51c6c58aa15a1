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

/**
 * Sends the statements that `send` starts as one packet, the commit right behind them, and waits for all. When `send`
 * fails before it has started all of them, no commit is sent: those that were started must not be kept without the others.
 */
export async function lastFlight(
  client: PoolClient,
  send: () => unknown,
  commit: () => Promise<unknown>,
): Promise<void> {
  let failure: { error: unknown } | null = null;
  const sent = Promise.resolve(inOneFlight(client, send));
  sent.catch((error: unknown) => {
    failure = { error };
  });
  // What an async function throws before its first await has come through to `sent` by then. The server works meanwhile.
  await new Promise((resolve) => process.nextTick(resolve));
  if (failure !== null) throw (failure as { error: unknown }).error; // the compiler does not see that it was set
  await Promise.all([sent, commit()]);
}
