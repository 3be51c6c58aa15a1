import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readEnv } from "@/lib/env";
import { authSecret } from "./secrets";

const scratch = mkdtempSync(join(tmpdir(), "pulsetrail-secrets-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test("is made once, long enough, for our eyes only", () => {
  const settings = readEnv({ DATA_DIR: join(scratch, "new") });
  const secret = authSecret(settings);
  expect(secret).toMatch(/^[A-Za-z0-9]{43}$/);
  expect(authSecret(settings)).toBe(secret);
  expect(readdirSync(join(scratch, "new"))).toEqual(["auth-secret"]);
  expect(statSync(join(scratch, "new/auth-secret")).mode & 0o777).toBe(0o600);
});

test("what is set wins over the file", () => {
  const set = "0123456789abcdef0123456789abcdef";
  expect(authSecret(readEnv({ DATA_DIR: join(scratch, "new"), AUTH_SECRET: set }))).toBe(set);
});

test("must be set with a database of one's own", () => {
  const settings = readEnv({ DATA_DIR: join(scratch, "none"), DATABASE_URL: "postgresql://db/x" });
  expect(() => authSecret(settings)).toThrow(/^AUTH_SECRET must be set when DATABASE_URL is/);
});

test("a file that someone emptied is no secret", () => {
  writeFileSync(join(scratch, "auth-secret"), "\n");
  expect(() => authSecret(readEnv({ DATA_DIR: scratch }))).toThrow(/^AUTH_SECRET in .* is too short/);
});
