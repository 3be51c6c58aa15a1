import { createServer } from "node:http";
import { readSettings } from "@/lib/boot/settings";

// Reference: the built application served by Next alone, without the front door. Tells its parent its port.
readSettings(false);
process.setSourceMapsEnabled(false);
const { default: next } = await import("next");
const app = next({ dev: false, dir: process.cwd(), hostname: "localhost", port: 3000, httpServer: createServer() });
await app.prepare();
const pages = app.getRequestHandler();
const server = createServer((request, response) => {
  pages(request, response).catch(() => response.destroy());
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : 0);
});
process.once("disconnect", () => process.exit(0));
