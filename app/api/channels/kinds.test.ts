import { expect, test } from "vitest";
import * as acknowledge from "@/app/api/alerts/[id]/acknowledge/route";
import * as resolve from "@/app/api/alerts/[id]/resolve/route";
import * as alerts from "@/app/api/alerts/route";
import * as retry from "@/app/api/deliveries/[id]/retry/route";
import * as delivery from "@/app/api/deliveries/[id]/route";
import { prisma } from "@/lib/db/client";
import { call } from "@/lib/testing/http";
import { queue, stored } from "@/lib/testing/outbox";
import { makePerson } from "@/lib/testing/people";
import { openSink } from "@/lib/testing/sink";
import { makeWorld } from "@/lib/testing/world";
import * as one from "./[id]/route";
import * as trial from "./[id]/test/route";
import * as all from "./route";

const routingKey = "0123456789abcdef0123456789abcdef";

test.each([
  ["slack", { webhook_url: "https://hooks.slack.com/services/T0/B0/abc" }, { webhook_url: "********" }],
  ["discord", { webhook_url: "https://discord.com/api/webhooks/1/abc" }, { webhook_url: "********" }],
  ["pagerduty", { routing_key: routingKey }, { routing_key: "********" }],
])("a %s channel is made, hides its secret, and keeps it when the mask comes back", async (kind, config, shown) => {
  const { project, key } = await makeWorld();
  const made = await call(all.POST, { method: "POST", key, body: { kind, name: "Ops", config } });
  expect(made).toMatchObject({ status: 201, body: { kind, config: shown } });
  const { id } = made.body as { id: string }; // a created channel has an id
  const before = await prisma().channel.findFirst({ where: { projectId: project.id } });
  const patch = (change: unknown) =>
    call(one.PATCH, { method: "PATCH", key, params: { id }, body: { config: change } });
  expect(await patch(shown)).toMatchObject({ status: 200, body: { config: shown } });
  expect(await patch({ [Object.keys(config)[0] ?? ""]: "nonsense" })).toMatchObject({ status: 400 });
  expect(await patch({ [Object.keys(config)[0] ?? ""]: null })).toMatchObject({ status: 400 });
  const after = await prisma().channel.findFirst({ where: { projectId: project.id } });
  expect(after?.config.length).toBe(before?.config.length);
});

test.each([
  ["slack", { webhook_url: "https://example.com/services/T0" }, "config.webhook_url"],
  ["slack", { webhook_url: "http://hooks.slack.com/services/T0" }, "config.webhook_url"],
  ["slack", { webhook_url: "********" }, "config.webhook_url"],
  ["discord", { webhook_url: "https://hooks.slack.com/services/T0" }, "config.webhook_url"],
  ["discord", { webhook_url: "http://10.0.0.1/" }, "config.webhook_url"],
  ["pagerduty", { routing_key: "short" }, "config.routing_key"],
  ["pagerduty", {}, "config.routing_key"],
])("a %s channel with %j is refused", async (kind, config, name) => {
  const { key } = await makeWorld();
  const answer = await call(all.POST, { method: "POST", key, body: { kind, name: "Ops", config } });
  expect(answer).toMatchObject({ status: 400, body: { invalid_params: [{ name }] } });
});

test.each([
  ["slack", { status: 200, body: "ok" }, { status: "sent", response_status: 200 }],
  ["discord", { status: 200, body: "{}" }, { status: "sent", response_status: 200 }],
])("a test of a %s channel shows the receiver's answer", async (kind, reply, expected) => {
  const { key } = await makeWorld();
  const sink = await openSink(reply);
  const body = { kind, name: "Ops", config: { webhook_url: `${sink.url}/x` } };
  const { id } = (await call(all.POST, { method: "POST", key, body })).body as { id: string }; // as above
  expect((await call(trial.POST, { method: "POST", key, params: { id } })).body).toMatchObject(expected);
  expect(sink.received).toHaveLength(1);
});

test("a webhook that Slack has removed disables its channel", async () => {
  const { key } = await makeWorld();
  const sink = await openSink({ status: 404, body: "no_service" });
  const body = { kind: "slack", name: "Ops", config: { webhook_url: `${sink.url}/x` } };
  const { id } = (await call(all.POST, { method: "POST", key, body })).body as { id: string }; // as above
  await call(trial.POST, { method: "POST", key, params: { id } });
  expect((await call(one.GET, { key, params: { id } })).body).toMatchObject({
    enabled: false,
    disabled_reason: "the receiver no longer exists (HTTP 404: no_service)",
  });
});

test("a viewer reads channels, alerts and deliveries and changes none; a stranger finds nothing", async () => {
  const { project, foreign, key } = await makeWorld();
  const body = { kind: "email", name: "Ops", config: { to: "ops@example.com" } };
  const { id } = (await call(all.POST, { method: "POST", key, body })).body as { id: string }; // as above
  const [deliveryId = ""] = await queue(project, [id]);
  const alert = await prisma().alert.findFirstOrThrow({ where: { projectId: project.id } });
  const params = { id };
  const alertParams = { id: String(alert.id) };
  const as = async (headers: Record<string, string>) => {
    const post = { method: "POST", headers };
    const reads = [
      await call(all.GET, { headers }),
      await call(one.GET, { headers, params }),
      await call(alerts.GET, { headers }),
      await call(delivery.GET, { headers, params: { id: deliveryId } }),
    ];
    const writes = [
      await call(all.POST, { ...post, body }),
      await call(one.PATCH, { method: "PATCH", headers, params, body: { name: "x" } }),
      await call(one.DELETE, { method: "DELETE", headers, params }),
      await call(trial.POST, { ...post, params }),
      await call(acknowledge.POST, { ...post, params: alertParams }),
      await call(resolve.POST, { ...post, params: alertParams }),
      await call(retry.POST, { ...post, params: { id: deliveryId } }),
    ];
    return { reads: reads.map(({ status }) => status), writes: writes.map(({ status }) => status) };
  };
  const viewer = await makePerson({ memberships: { [project.id]: "viewer" } });
  expect(await as(viewer.headers(project.id))).toEqual({ reads: Array(4).fill(200), writes: Array(7).fill(403) });
  const charlie = await makePerson({ memberships: { [foreign.id]: "owner" } });
  expect(await as(charlie.headers(project.id))).toEqual({ reads: Array(4).fill(404), writes: Array(7).fill(404) });
  const member = await makePerson({ memberships: { [project.id]: "member" } });
  const headers = member.headers(project.id);
  expect((await call(acknowledge.POST, { method: "POST", headers, params: alertParams })).status).toBe(200);
  expect(await stored(deliveryId)).toMatchObject({ status: "pending", attempts: 0 });
  expect(await prisma().channel.count({ where: { projectId: project.id } })).toBe(1);
});
