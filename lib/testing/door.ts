import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { frontDoor } from "@/lib/ingest/front-door";

export type Door = {
  url: string;
  /** Sends bytes as they are on a socket of its own and gives all that comes back until the other side closes. */
  raw: (bytes: string | Buffer) => Promise<string>;
  close: () => Promise<void>;
};

/** The front door on a port of its own; what is no signal gets 418. */
export async function openDoor(): Promise<Door> {
  const server = createServer((request, response) => {
    if (!frontDoor(request, response)) response.writeHead(418).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}`,
    raw: (bytes) => exchange(port, bytes),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the server does not listen on a port");
  return address.port;
}

async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => undefined); // a reset is an answer too
  socket.end(bytes);
  await once(socket, "close");
  return Buffer.concat(chunks).toString("latin1");
}
