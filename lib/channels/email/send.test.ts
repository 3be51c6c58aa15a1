import { expect, test } from "vitest";
import { openSink, type Reply } from "@/lib/testing/sink";
import { mailer } from "./send";

const mail = { subject: "DOWN: x", text: "x", html: "<p>x</p>", headers: { References: "<a@b>" } };
const attempt = { deliveryId: "0b0e7c1e-0000-4000-8000-000000000001", at: new Date(), projectSecret: "" };
const settings = (url: string) => ({
  RESEND_API_KEY: "re_secret",
  EMAIL_FROM: "Pulsetrail <alerts@example.com>",
  RESEND_BASE_URL: url,
});
const send = (url: string) => mailer(settings(url))(mail, { to: "ops@example.com" }, attempt);
const refusal = (statusCode: number, name: string, message = "no") => ({
  status: statusCode,
  body: JSON.stringify({ statusCode, name, message }),
});

test("sends by Resend, and a repeat is byte-identical under the same idempotency key", async () => {
  const sink = await openSink({ status: 500, body: "{}" }, { status: 200, body: '{"id":"1"}' });
  expect(await send(sink.url)).toMatchObject({ result: "retry" });
  expect(await send(sink.url)).toEqual({ result: "sent", status: 200 });
  const [first, second] = sink.received;
  expect(first?.path).toBe("/emails");
  expect(first?.headers).toMatchObject({ authorization: "Bearer re_secret", "idempotency-key": attempt.deliveryId });
  expect(JSON.parse(first?.body ?? "")).toEqual({
    from: "Pulsetrail <alerts@example.com>",
    to: "ops@example.com",
    ...mail,
  });
  expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
  expect(second?.body).toBe(first?.body);
});

test.each<[string, Reply, object]>([
  [
    "a limit",
    { ...refusal(429, "rate_limit_exceeded"), headers: { "retry-after": "7" } },
    { result: "retry", status: 429, error: "no", retryAfterMs: 7000 },
  ],
  ["a quota", refusal(429, "daily_quota_exceeded"), { result: "retry", status: 429 }],
  ["a failure of theirs", refusal(503, "internal_server_error"), { result: "retry", status: 503 }],
  ["a page of a proxy", { status: 502, body: "<html>" }, { result: "retry", status: 502 }],
  ["JSON of a proxy", { status: 502, body: '{"statusCode":"bad"}' }, { result: "retry", status: null }],
  ["null", { status: 400, body: "null" }, { result: "retry", status: null }],
  ["a broken connection", "drop", { result: "retry", status: null }],
  ["a success without JSON", { status: 200, body: "ok" }, { result: "retry", status: null }],
  ["a repeat under way", refusal(409, "concurrent_idempotent_requests"), { result: "retry", status: 409 }],
  [
    "a key to be mended",
    refusal(401, "invalid_api_key", "API key re_secret is invalid"),
    { result: "retry", status: 401, error: "API key *** is invalid" },
  ],
  [
    "a mail it will never take",
    refusal(422, "validation_error", "Invalid `to`"),
    { result: "rejected", status: 422, error: "Invalid `to`" },
  ],
  ["an unknown sender", refusal(403, "validation_error"), { result: "rejected", status: 403 }],
])("%s", async (_what, reply, outcome) => {
  const sink = await openSink(reply);
  expect(await send(sink.url)).toMatchObject(outcome);
  expect(sink.received).toHaveLength(1);
});

test("without a key the mail goes nowhere and counts as kept", async () => {
  const sink = await openSink();
  const keep = mailer({ EMAIL_FROM: "a@example.com", RESEND_BASE_URL: sink.url, RESEND_API_KEY: undefined });
  expect(await keep(mail, { to: "ops@example.com" }, attempt)).toEqual({ result: "sent", status: null });
  expect(sink.received).toHaveLength(0);
});
