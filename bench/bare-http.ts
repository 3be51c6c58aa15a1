import { createServer } from "node:http";

// Reference: what node:http alone can do. Tells its parent its port.
const server = createServer((_request, response) => response.end("OK"));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : 0);
});
process.once("disconnect", () => process.exit(0));
