import { expect, test, vi } from "vitest";
import { makeChannel, queue, skipWaits, stored } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject } from "@/lib/testing/world";

test("a mail that fails leaves again unchanged, under the delivery's id", async () => {
  const sink = await openSink({ status: 500, body: "{}" }, { status: 200, body: '{"id":"1"}' });
  // Settings are read once a process, so this one begins anew.
  vi.stubEnv("RESEND_API_KEY", "re_secret");
  vi.stubEnv("EMAIL_FROM", "Pulsetrail <alerts@example.com>");
  vi.stubEnv("RESEND_BASE_URL", sink.url);
  vi.resetModules();
  const { deliverDue } = await import("@/lib/alerts/deliver");
  const project = await makeProject();
  const channel = await makeChannel(project, {
    kind: "email",
    name: "Ops",
    events: [],
    config: { to: "ops@example.com" },
  });
  const [id] = await queue(project, [channel], { name: "Nightly" });
  await deliverDue({ limit: 10 });
  expect(await stored(id)).toMatchObject({ status: "pending", attempts: 1, error: expect.any(String) });
  await skipWaits();
  await deliverDue({ limit: 10 });
  expect(await stored(id)).toMatchObject({ status: "sent", attempts: 2, response_status: 200 });
  const [first, second] = sink.received;
  expect(JSON.parse(first?.body ?? "")).toMatchObject({
    to: "ops@example.com",
    subject: "DOWN: Nightly",
    html: expect.any(String),
  });
  expect(second?.body).toBe(first?.body);
  expect([first, second].map((one) => one?.headers["idempotency-key"])).toEqual([id, id]);
});
