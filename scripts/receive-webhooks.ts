import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";

// npm run receive-webhooks -- <webhook secret> [port]: shows every webhook that arrives and whether its signature holds.
const [secret, port = "4000"] = process.argv.slice(2);
if (secret === undefined) throw new Error("usage: npm run receive-webhooks -- <webhook secret> [port]");
const webhook = new Webhook(secret);

function judge(body: string, headers: Record<string, string>): string {
  try {
    webhook.verify(body, headers);
    return "signature holds";
  } catch (error) {
    return `NOT TO BE TRUSTED: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const server = createServer(async (request, response) => {
  const body = await text(request);
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name] ?? "")]));
  process.stdout.write(`${headers["webhook-id"]}  ${judge(body, headers)}\n${body}\n\n`);
  response.writeHead(204).end();
});
server.listen(Number(port), "127.0.0.1", () =>
  process.stdout.write(`waiting for webhooks at http://127.0.0.1:${port}\n\n`),
);
