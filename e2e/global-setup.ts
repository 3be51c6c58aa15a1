import { publish, startServer } from "./server";

/** One server for the whole run; what is returned stops it at the end. */
export default async function setup(): Promise<() => Promise<void>> {
  const server = await startServer();
  publish(server);
  return server.stop;
}
