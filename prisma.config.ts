import { defineConfig } from "prisma/config";

// The CLI downloads a schema engine at first use; `generate` does not need one, so any existing file satisfies its check.
if (process.argv.includes("generate")) {
  process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= process.execPath;
}

export default defineConfig({
  schema: "prisma/schema",
  migrations: { path: "prisma/migrations" },
});
