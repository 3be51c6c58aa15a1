import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  resolve: { alias: { "@": root } },
  test: {
    include: ["lib/**/*.test.ts", "app/**/*.test.ts", "scripts/**/*.test.ts"],
    globalSetup: ["lib/testing/global-setup.ts"],
    setupFiles: ["lib/testing/setup.ts"],
    env: {
      BASE_URL: "http://pulsetrail.test",
      LOG_LEVEL: "silent",
      RATE_LIMITS: "off",
      AUTH_SECRET: "a-secret-for-tests-only-0123456789",
      ALLOW_PRIVATE_TARGETS: "127.0.0.0/8",
    },
    // Two cores; every file talks to one embedded PostgreSQL and makes projects of its own.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
