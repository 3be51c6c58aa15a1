import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { downFacts, namedFacts, upFacts } from "@/lib/testing/alert-facts";
import { openSink, type Reply } from "@/lib/testing/sink";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { pagerduty } from "./pagerduty";
import { renderPagerduty } from "./render";
import { PagerdutyConfig } from "./schema";
import { pager } from "./send";

const channel = { name: "Ops", projectName: "Shop" };
const key = "0123456789abcdef0123456789ABCDEF";
const testFacts = {
  ...downFacts,
  id: 9,
  type: "channel.test",
  severity: "info" as const,
  subject: { type: "channel", id: "x", name: "Ops" },
  data: {},
};

async function send(facts: typeof downFacts, ...script: Reply[]) {
  const sink = await openSink(...script);
  const enqueue = pager(`${sink.url}/v2/enqueue`);
  const outcome = await enqueue(renderPagerduty(facts, channel), { routing_key: key });
  return { sink, outcome, sent: sink.received.map((one) => JSON.parse(one.body)) };
}

describe("an incident", () => {
  test("is opened and closed under one key, and the next one has another", () => {
    const [down] = renderPagerduty(downFacts, channel).events;
    const [up, ...rest] = renderPagerduty(upFacts, channel).events;
    expect(down).toMatchObject({ event_action: "trigger", dedup_key: "pt:check.c1.1795176300000" });
    expect(up).toEqual({ event_action: "resolve", dedup_key: down?.dedup_key });
    expect(rest).toEqual([]);
    const [next] = renderPagerduty({ ...downFacts, data: { at: "2026-11-21T12:05:00.000Z" } }, channel).events;
    expect(next?.dedup_key).not.toBe(down?.dedup_key);
  });

  test("about a run is closed under the key of its alert", () => {
    const stuck = { ...downFacts, id: 12, type: "check.stuck", severity: "warning" as const };
    const [opened] = renderPagerduty(stuck, channel).events;
    expect(opened).toMatchObject({ event_action: "trigger", dedup_key: "pt:alert.12" });
    expect(renderPagerduty({ ...stuck, type: "check.stuck.resolved" }, channel).events).toEqual([
      { event_action: "resolve", dedup_key: "pt:alert.12" },
    ]);
    const closed = renderPagerduty({ ...downFacts, type: "check.down.resolved" }, channel).events;
    expect(closed).toEqual([{ event_action: "resolve", dedup_key: "pt:check.c1.1795176300000" }]);
  });

  test.each(["failed", "timeout", "missed", "outOfOrder", "strayed"] as const)(
    "about a workflow that is %s has a key of its own, under which it is closed",
    (name) => {
      const facts = factsFrom(workflowAlerts()[name]);
      const [opened, ...rest] = renderPagerduty(facts, channel).events;
      expect(opened).toMatchObject({ event_action: "trigger", dedup_key: "pt:alert.21" });
      expect(rest).toEqual([]);
      expect(renderPagerduty({ ...facts, id: 22 }, channel).events[0]?.dedup_key).toBe("pt:alert.22");
      expect(renderPagerduty({ ...facts, type: `${facts.type}.resolved` }, channel).events).toEqual([
        { event_action: "resolve", dedup_key: "pt:alert.21" },
      ]);
    },
  );

  test("tells of a workflow what failed where", () => {
    expect(renderPagerduty(factsFrom(workflowAlerts().failed), channel).events[0]).toMatchObject({
      payload: {
        summary: '"Nightly model" failed: Stage 2 failed.',
        severity: "critical",
        class: "workflow.failed",
        custom_details: { Reason: "Stage 2 failed", Instance: "s1", Agent: "fetcher" },
      },
      links: [{ href: "http://pulsetrail.test/projects/p1/instances/s1" }],
    });
  });

  test("is none when a workflow completed: the news ends by itself", () => {
    const { events } = renderPagerduty(factsFrom(workflowAlerts().completed), channel);
    expect(events.map((event) => [event.event_action, event.dedup_key])).toEqual([
      ["trigger", "pt:alert.21"],
      ["resolve", "pt:alert.21"],
    ]);
  });

  test("tells what broke", () => {
    expect(renderPagerduty(downFacts, channel).events[0]).toMatchObject({
      payload: {
        summary: downFacts.message,
        source: "Nightly backup",
        severity: "critical",
        timestamp: "2026-11-20T12:05:00.000Z",
        group: "Shop",
        class: "check.down",
        custom_details: { Schedule: "by the schedule */5 * * * * (UTC), 5 minutes of grace", Tags: "db prod_1" },
      },
      links: [{ href: "http://pulsetrail.test/projects/p1/checks/c1" }],
    });
  });

  test("that is only a test ends by itself under a key of its own", () => {
    const { events } = renderPagerduty(testFacts, channel);
    expect(events.map((event) => [event.event_action, event.dedup_key])).toEqual([
      ["trigger", "pt:alert.9"],
      ["resolve", "pt:alert.9"],
    ]);
  });

  test("stays within the limits of an event", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (name) => {
        const { events } = renderPagerduty(namedFacts(name), { name, projectName: name });
        const { payload } = events[0] as unknown as { payload: { summary: string; source: string } }; // of a trigger
        expect(payload.summary.length).toBeLessThanOrEqual(1024);
        expect(payload.source).not.toBe("");
        expect(events[0]?.dedup_key.length).toBeLessThanOrEqual(255);
        expect(JSON.stringify(events).length).toBeLessThan(512_000);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a delivery", () => {
  test("is one event with the routing key", async () => {
    const { sink, outcome, sent } = await send(downFacts, { status: 202, body: '{"status":"success"}' });
    expect(outcome).toEqual({ result: "sent", status: 202 });
    expect(sink.received.map((one) => one.path)).toEqual(["/v2/enqueue"]);
    expect(sent).toEqual([{ routing_key: key, ...renderPagerduty(downFacts, channel).events[0] }]);
  });

  test("of a test is a trigger and its resolve, and nothing after a failure", async () => {
    const good = await send(testFacts, { status: 202 });
    expect(good.sent.map((event) => event.event_action)).toEqual(["trigger", "resolve"]);
    const bad = await send(testFacts, { status: 500 });
    expect([bad.sent.length, bad.outcome.result]).toEqual([1, "retry"]);
  });

  test.each<[string, Reply, object]>([
    [
      "a limit",
      { status: 429, headers: { "retry-after": "60" } },
      { result: "retry", status: 429, retryAfterMs: 60_000 },
    ],
    ["a failure of theirs", { status: 502 }, { result: "retry", status: 502 }],
    ["a wrong event", { status: 400, body: '{"status":"invalid event"}' }, { result: "rejected", status: 400 }],
    ["an unknown place", { status: 410 }, { result: "rejected", status: 410 }],
    ["a broken connection", "drop", { result: "retry", status: null }],
    [
      "an answer that repeats the key",
      { status: 400, body: `no ${key}` },
      { result: "rejected", error: "HTTP 400: no ***" },
    ],
  ])("%s", async (_what, reply, expected) => {
    const { sink, outcome } = await send(downFacts, reply);
    expect(outcome).toMatchObject(expected);
    expect(sink.received).toHaveLength(1);
  });
});

test("its key is a secret and kept out of the message", () => {
  expect(pagerduty.show({ routing_key: key })).toEqual({ routing_key: "********" });
  expect(JSON.stringify(renderPagerduty(downFacts, channel))).not.toContain(key);
});

test.each([
  [key, true],
  [` ${key}\n`, true],
  [key.slice(1), false],
  [`${key}0`, false],
  [`${key.slice(1)}-`, false],
  [null, false],
])("the key %j is taken: %s", (routingKey, isTaken) => {
  expect(PagerdutyConfig.safeParse({ routing_key: routingKey }).success).toBe(isTaken);
});
