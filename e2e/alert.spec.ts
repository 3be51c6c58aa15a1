import { expect, test } from "@playwright/test";
import { Webhook } from "standardwebhooks";
import { openReceiver, type Received, type Receiver } from "./receiver";
import { type Running, startServer } from "./server";

const MINUTE = 60_000;
let server: Running;
let hook: Receiver;
let mail: Receiver;

test.beforeAll(async () => {
  test.setTimeout(4 * MINUTE);
  [hook, mail] = await Promise.all([openReceiver(), openReceiver({ id: "mail-1" })]);
  server = await startServer({
    RESEND_API_KEY: "re_test",
    RESEND_BASE_URL: mail.url,
    EMAIL_FROM: "Pulsetrail <alerts@example.org>",
    SWEEP_INTERVAL_MS: "1000",
  });
});
test.afterAll(async () => {
  hook.close();
  mail.close();
  await server.stop();
});

type Json = Record<string, unknown>;

async function api(method: string, path: string, body?: Json): Promise<Json> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    headers: { "X-Api-Key": server.apiKey, "Content-Type": "application/json" },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response.json();
}

const list = async (path: string, name: string) => (await api("GET", path))[name] as Json[]; // the contract's list shape

const isEvent = (type: string) => (request: Received) => (JSON.parse(request.body) as Json)["type"] === type;
const isMail = (subject: string) => (request: Received) => (JSON.parse(request.body) as Json)["subject"] === subject;

/** The signed content of a webhook; throws when the signature is not that of the project's secret. */
function verified(request: Received, secret: string): Json {
  return new Webhook(secret).verify(request.body, request.headers as Record<string, string>) as Json; // the three headers are strings
}

test("a check that goes silent raises exactly one alert, and its return another", async () => {
  test.setTimeout(5 * MINUTE);
  const [project] = await list("/api/projects", "projects");
  const secret = String((await api("GET", `/api/projects/${project?.["id"]}`))["webhook_secret"]);
  await api("POST", "/api/channels", { kind: "webhook", name: "Hook", config: { url: `${hook.url}/alerts` } });
  await api("POST", "/api/channels", { kind: "email", name: "Mail", config: { to: "ops@example.org" } });
  const check = await api("POST", "/api/v3/checks/", { name: "Nightly backup", timeout: 60, grace: 60, channels: "*" });
  const pingUrl = String(check["ping_url"]);

  const sentAt = Date.now();
  expect(await (await fetch(pingUrl)).text()).toBe("OK");
  expect((await api("GET", `/api/v3/checks/${check["uuid"]}`))["status"]).toBe("up");

  // From here on nothing is sent: one minute of period, one of grace.
  const down = verified(await hook.next(isEvent("check.down")), secret);
  const heardAfter = Date.now() - sentAt;
  expect(heardAfter).toBeGreaterThan(2 * MINUTE - 1000);
  expect(heardAfter).toBeLessThan(2 * MINUTE + 10_000);
  expect(down).toMatchObject({ type: "check.down", data: { check: { name: "Nightly backup", status: "down" } } });
  const downMail = JSON.parse((await mail.next(isMail("DOWN: Nightly backup"))).body) as Json;
  expect(downMail).toMatchObject({ from: "Pulsetrail <alerts@example.org>", to: "ops@example.org" });
  expect(String(downMail["html"])).toContain("Nightly backup");
  expect(String(downMail["text"])).toContain("no signal since");
  expect((await api("GET", `/api/v3/checks/${check["uuid"]}`))["status"]).toBe("down");

  // The job comes back.
  expect(await (await fetch(pingUrl)).text()).toBe("OK");
  expect(verified(await hook.next(isEvent("check.up")), secret)).toMatchObject({ data: { check: { status: "up" } } });
  await mail.next(isMail("UP: Nightly backup"));

  // Exactly one of each, to each channel, and all of it on record.
  expect(hook.received.map((request) => (JSON.parse(request.body) as Json)["type"])).toEqual([
    "check.down",
    "check.up",
  ]);
  expect(mail.received).toHaveLength(2);
  expect((await list("/api/alerts", "alerts")).map((alert) => alert["type"]).sort()).toEqual([
    "check.down",
    "check.up",
  ]);
  await expect
    .poll(async () => (await list("/api/deliveries", "deliveries")).map((delivery) => delivery["status"]))
    .toEqual(["sent", "sent", "sent", "sent"]);
  const flips = (await api("GET", `/api/v3/checks/${check["uuid"]}/flips/`))["flips"] as Json[];
  expect(flips.map((flip) => flip["up"])).toEqual([1, 0, 1]);
});
