import { describe, expect, test } from "vitest";
import { bareEnvironment, env, readEnv, settle } from "./env";

describe("readEnv", () => {
  test("has a default for everything", () => {
    expect(readEnv({})).toEqual({
      NODE_ENV: "production",
      LOG_LEVEL: "warn",
      PORT: 3000,
      HOST: "0.0.0.0",
      BASE_URL: "http://localhost:3000",
      DATA_DIR: ".data",
      ADMIN_EMAIL: "admin@localhost",
      SIGNUPS: "closed",
      EMAIL_FROM: "Pulsetrail <alerts@localhost>",
      PING_BODY_LIMIT: 10_000,
      SWEEP_INTERVAL_MS: 1000,
      ALLOW_PRIVATE_TARGETS: [],
      TRUSTED_PROXY_HOPS: 0,
      WORKERS: 1,
      RATE_LIMITS: "on",
    });
  });

  test("a blank value counts as unset", () => {
    expect(readEnv({ PORT: "", DATABASE_URL: " ", AUTH_SECRET: "\t" })).toEqual(readEnv({}));
  });

  test.each([
    [{ PORT: "8080" }, { PORT: 8080, BASE_URL: "http://localhost:8080" }],
    [{ PORT: "0" }, { PORT: 0 }],
    [{ BASE_URL: "https://pulse.example.com/" }, { BASE_URL: "https://pulse.example.com" }],
    [{ PING_HOST: "Ping.Example.com" }, { PING_HOST: "ping.example.com" }],
    [{ DATABASE_URL: "postgres://u:p@db/x?sslmode=require" }, { DATABASE_URL: "postgres://u:p@db/x?sslmode=require" }],
    [{ AUTH_SECRET: "ü".repeat(16) }, { AUTH_SECRET: "ü".repeat(16) }],
    [{ ADMIN_EMAIL: "Ann@Example.org" }, { ADMIN_EMAIL: "ann@example.org" }],
    [{ SWEEP_INTERVAL_MS: "0" }, { SWEEP_INTERVAL_MS: 0 }],
    [{ ALLOW_PRIVATE_TARGETS: "10.0.0.0/8, fd00::/8," }, { ALLOW_PRIVATE_TARGETS: ["10.0.0.0/8", "fd00::/8"] }],
    [
      { RESEND_API_KEY: "re_1", EMAIL_FROM: "a@b.example" },
      { RESEND_API_KEY: "re_1", EMAIL_FROM: "a@b.example" },
    ],
    [{ GITHUB_URL: "https://github.example.com/" }, { GITHUB_URL: "https://github.example.com" }],
    [{ GOOGLE_ISSUER: "https://id.example.com/realms/a/" }, { GOOGLE_ISSUER: "https://id.example.com/realms/a" }],
    [{ RESEND_BASE_URL: "http://127.0.0.1:9/mock/" }, { RESEND_BASE_URL: "http://127.0.0.1:9/mock" }],
  ])("%o is read as %o", (given, expected) => {
    expect(readEnv(given)).toMatchObject(expected);
  });

  test.each([
    ["PORT", "abc", "PORT must be a port number from 0 to 65535."],
    ["PORT", "65536", "PORT must be a port number from 0 to 65535."],
    ["PORT", "-1", "PORT must be a port number from 0 to 65535."],
    ["PORT", "80.5", "PORT must be a port number from 0 to 65535."],
    ["BASE_URL", "example.com", "BASE_URL must be an http or https URL."],
    ["BASE_URL", "ftp://example.com", "BASE_URL must be an http or https URL."],
    ["BASE_URL", "https://x.example/app", "BASE_URL must be an origin without a path, such as https://example.com."],
    ["BASE_URL", "https://x.example/?a=1", "BASE_URL must be an origin without a path, such as https://example.com."],
    ["GITHUB_URL", "https://x.example/a", "GITHUB_URL must be an origin without a path, such as https://example.com."],
    ["GOOGLE_ISSUER", "id.example.com", "GOOGLE_ISSUER must be an http or https URL."],
    ["PING_HOST", "https://ping.example", "PING_HOST must be a host name."],
    ["DATABASE_URL", "mysql://db/x", "DATABASE_URL must be a postgresql:// URL."],
    ["AUTH_SECRET", "short", "AUTH_SECRET must be at least 32 bytes."],
    ["CRON_SECRET", "short", "CRON_SECRET must be at least 16 characters."],
    ["ADMIN_EMAIL", "nobody", "ADMIN_EMAIL must be an e-mail address."],
    ["ADMIN_PASSWORD", "1234567", "ADMIN_PASSWORD must be at least 8 characters."],
    ["ADMIN_API_KEY", "too-short", "ADMIN_API_KEY must be 20 or more characters of A-Z a-z 0-9 _ -."],
    ["ADMIN_PING_KEY", "with a space in the key", "ADMIN_PING_KEY must be 20 or more characters of A-Z a-z 0-9 _ -."],
    ["SIGNUPS", "yes", "SIGNUPS must be one of open, closed."],
    ["RESEND_BASE_URL", "resend", "RESEND_BASE_URL must be an http or https URL."],
    ["PING_BODY_LIMIT", "10kB", "PING_BODY_LIMIT must be a number of bytes."],
    ["SWEEP_INTERVAL_MS", "1s", "SWEEP_INTERVAL_MS must be a number of milliseconds up to 2147483647."],
    ["SWEEP_INTERVAL_MS", "2147483648", "SWEEP_INTERVAL_MS must be a number of milliseconds up to 2147483647."],
    ["TRUSTED_PROXY_HOPS", "all", "TRUSTED_PROXY_HOPS must be a number of proxies."],
    ["RATE_LIMITS", "1", "RATE_LIMITS must be one of on, off."],
    [
      "ALLOW_PRIVATE_TARGETS",
      "10.0.0.1",
      "ALLOW_PRIVATE_TARGETS must be a comma-separated list of CIDR ranges, such as 10.0.0.0/8.",
    ],
    [
      "RESEND_API_KEY",
      "re_1",
      "EMAIL_FROM must be set when RESEND_API_KEY is, to an address of a domain verified with Resend.",
    ],
  ])("%s=%s is refused", (name, value, sentence) => {
    expect(() => readEnv({ [name]: value })).toThrow(new Error(sentence));
  });
});

test("what the start settles is seen from then on", () => {
  settle({ PORT: "4321", BASE_URL: "" });
  expect(env().BASE_URL).toBe("http://localhost:4321");
});

test("other people's programs get none of our settings", () => {
  settle({ AUTH_SECRET: "0123456789abcdef0123456789abcdef" });
  expect(Object.keys(bareEnvironment()).sort()).toEqual(["LC_ALL", "NODE_ENV", "PATH"]);
});
