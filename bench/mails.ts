import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** How long Resend takes to say that it has a mail, about. */
const ANSWER_MS = 100;

/** Takes mails as Resend does, and forgets them. */
export async function serveMails(): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      setTimeout(() => response.setHeader("Content-Type", "application/json").end('{"id":"1"}'), ANSWER_MS);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo; // a TCP server has no other kind
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
