import { describe, expect, test } from "vitest";
import { deliverDue } from "@/lib/alerts/deliver";
import { makeChannel, makeWebhook, queue } from "@/lib/testing/outbox";
import { openSink } from "@/lib/testing/sink";
import { makeProject } from "@/lib/testing/world";
import { listLastDeliveries } from "./latest";
import { standingOf } from "./shown";

describe("how a delivery fares", () => {
  test.each([
    ["pending", null, "pending"],
    ["pending", 500, "pending"],
    ["sent", 200, "sent"],
    ["sent", null, "kept"],
    ["failed", null, "failed"],
    ["failed", 404, "failed"],
  ] as const)("%s with the answer %s is %s", (status, response_status, standing) => {
    expect(standingOf({ status, response_status })).toBe(standing);
  });

  test("without a mail service a mail is kept, while a webhook is sent", async () => {
    const sink = await openSink({ status: 204, body: "" });
    const project = await makeProject();
    const config = { to: "ops@example.com" };
    const mail = await makeChannel(project, { kind: "email", name: "Ops", events: [], config });
    const hook = await makeWebhook(project, sink.url);
    await queue(project, [mail, hook]);
    await deliverDue({ limit: 10 });
    const last = await listLastDeliveries(project.caller, [mail, hook]);
    const standing = Object.fromEntries(last.map((one) => [one.channel_id, standingOf(one)]));
    expect(standing).toEqual({ [mail]: "kept", [hook]: "sent" });
  });
});
