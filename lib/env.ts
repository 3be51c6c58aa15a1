import { z } from "zod";

const whole = (what: string, max = Number.MAX_SAFE_INTEGER) =>
  z
    .string()
    .regex(/^\d+$/, `must be ${what}`)
    .transform(Number)
    .pipe(z.number().max(max, `must be ${what}`));
const flag = (values: [string, ...string[]]) => z.enum(values, `must be one of ${values.join(", ")}`);
const secretKey = z.string().regex(/^[A-Za-z0-9_-]{20,}$/, "must be 20 or more characters of A-Z a-z 0-9 _ -");
const url = z.url({ protocol: /^https?$/, error: "must be an http or https URL" });
const address = url.transform((text) => text.replace(/\/+$/, ""));
const origin = url
  .transform((text) => new URL(text))
  .refine(isOrigin, "must be an origin without a path, such as https://example.com");
const bytes = (text: string) => Buffer.byteLength(text) >= 32;
const cidr = z.union([z.cidrv4(), z.cidrv6()], "must be a comma-separated list of CIDR ranges, such as 10.0.0.0/8");
const list = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);

const LogLevel = flag(["silent", "fatal", "error", "warn", "info", "debug", "trace"]);

/** The level of the log, which must work before the settings have been checked. */
export function logLevel(): string {
  return LogLevel.catch("warn").parse(process.env["LOG_LEVEL"]);
}

const Env = z.object({
  NODE_ENV: z.string().default("production"),
  LOG_LEVEL: LogLevel.default("warn"),
  PORT: whole("a port number from 0 to 65535", 65535).default(3000),
  HOST: z.string().default("0.0.0.0"),
  BASE_URL: origin.transform((parsed) => parsed.origin).optional(),
  PING_HOST: z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9.-]+(:\d+)?$/, "must be a host name")
    .optional(),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }).optional(),
  DATA_DIR: z.string().default(".data"),
  AUTH_SECRET: z.string().refine(bytes, "must be at least 32 bytes").optional(),
  CRON_SECRET: z.string().min(16, "must be at least 16 characters").optional(),
  ADMIN_EMAIL: z
    .string()
    .toLowerCase()
    .regex(/^[^\s@<>,"]+@[^\s@<>,"]+$/, "must be an e-mail address")
    .default("admin@localhost"),
  ADMIN_PASSWORD: z.string().min(8, "must be at least 8 characters").optional(),
  ADMIN_API_KEY: secretKey.optional(),
  ADMIN_PING_KEY: secretKey.optional(),
  GITHUB_ID: z.string().optional(),
  GITHUB_SECRET: z.string().optional(),
  GITHUB_URL: origin.transform((parsed) => parsed.origin).optional(),
  GOOGLE_ID: z.string().optional(),
  GOOGLE_SECRET: z.string().optional(),
  GOOGLE_ISSUER: address.optional(),
  SIGNUPS: flag(["open", "closed"]).default("closed"),
  RESEND_API_KEY: z.string().optional(),
  EMAIL_FROM: z.string().default("Pulsetrail <alerts@localhost>"),
  RESEND_BASE_URL: address.optional(),
  PING_BODY_LIMIT: whole("a number of bytes").default(10_000),
  // Node's timers cannot wait longer than 2^31 − 1 milliseconds and would fire at once.
  SWEEP_INTERVAL_MS: whole("a number of milliseconds up to 2147483647", 2_147_483_647).default(1000),
  ALLOW_PRIVATE_TARGETS: list.pipe(z.array(cidr)).default([]),
  TRUSTED_PROXY_HOPS: whole("a number of proxies").default(0),
  WORKERS: whole("a number of processes from 1 to 64", 64)
    .refine((count) => count > 0, "must be a number of processes from 1 to 64")
    .default(1),
  RATE_LIMITS: flag(["on", "off"]).default("on"),
});

export type Env = Omit<z.infer<typeof Env>, "BASE_URL"> & { BASE_URL: string };

function isOrigin(parsed: URL): boolean {
  return parsed.href === `${parsed.origin}/`;
}

/** Reads and checks settings; a blank one counts as unset. Throws an Error whose message is one sentence that names the variable. */
export function readEnv(source: Record<string, string | undefined>): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value?.trim() !== ""));
  const parsed = Env.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${String(issue?.path[0])} ${issue?.message ?? "is invalid"}.`);
  }
  const env = parsed.data;
  if (env.RESEND_API_KEY !== undefined && set["EMAIL_FROM"] === undefined) {
    throw new Error("EMAIL_FROM must be set when RESEND_API_KEY is, to an address of a domain verified with Resend.");
  }
  return { ...env, BASE_URL: env.BASE_URL ?? `http://localhost:${env.PORT}` };
}

let cached: Env | undefined;

/** The settings of this process, read once. */
export function env(): Env {
  cached ??= readEnv(process.env);
  return cached;
}

/** Sets what only the start can know (the port it got, a generated secret) for every module graph of this process. */
export function settle(values: Record<string, string>): void {
  Object.assign(process.env, values);
  cached = undefined;
}

/** The environment for other people's programs: enough to run, and none of our secrets. */
export function bareEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`, LC_ALL: "C" };
}
