import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

/** Unmodified clients of other services against a started server; `npm run test:clients`. */
export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["e2e/clients/*.run.ts"],
    globalSetup: ["e2e/clients/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
