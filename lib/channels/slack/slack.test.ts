import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anAttempt, downFacts, namedFacts, upFacts } from "@/lib/testing/alert-facts";
import { openSink, type Reply } from "@/lib/testing/sink";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { renderSlack } from "./render";
import { slack } from "./slack";

const channel = { name: "Ops", projectName: "Shop" };
const path = "/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx";

async function send(...script: Reply[]) {
  const sink = await openSink(...script);
  const outcome = await slack.send(renderSlack(downFacts, channel), { webhook_url: `${sink.url}${path}` }, anAttempt);
  return { sink, outcome };
}

describe("a message", () => {
  test("says what broke in blocks and in one line", () => {
    const { text, blocks } = renderSlack(downFacts, channel);
    expect(text).toBe('DOWN: "Nightly backup" is down: no signal since 2026-11-20 11:00:00 UTC.');
    expect(blocks[0]).toEqual({
      type: "header",
      text: { type: "plain_text", text: "🔴 DOWN: Nightly backup", emoji: false },
    });
    const all = JSON.stringify(blocks);
    expect(all).toContain("Schedule: by the schedule */5 * * * * (UTC), 5 minutes of grace");
    expect(all).toContain("<http://pulsetrail.test/projects/p1/checks/c1|See the details> · Shop · Ops");
    expect(JSON.stringify(renderSlack(upFacts, channel).blocks)).toContain("🟢 UP: Nightly backup");
  });

  test("about a workflow leads to its instance", () => {
    const { failed, missed, completed } = workflowAlerts();
    const all = JSON.stringify(renderSlack(factsFrom(failed), channel).blocks);
    for (const part of [
      "🔴 FAILED: Nightly model",
      "Reason: Stage 2 failed",
      "Agent: fetcher",
      "/projects/p1/instances/s1|",
    ])
      expect(all).toContain(part);
    const refused = JSON.stringify(renderSlack(factsFrom(missed), channel).blocks);
    for (const part of ["🟠 STAGE MISSED: Nightly model", "Expected: stage 2", "Received: stage 3"])
      expect(refused).toContain(part);
    expect(JSON.stringify(renderSlack(factsFrom(completed), channel).blocks)).toContain("🟢 COMPLETED: Nightly model");
  });

  test("mentions nobody and links nowhere, whatever people typed", () => {
    const text = JSON.stringify(renderSlack(namedFacts("<!channel> & <http://evil.example|x>\n"), channel));
    expect(text).toContain("&lt;!channel&gt; &amp; &lt;http://evil.example|x&gt;");
    expect(text.match(/</g)).toHaveLength(1);
    const named = JSON.stringify(renderSlack(downFacts, { name: "<!here>", projectName: "<@U1>" }));
    expect(named).not.toMatch(/<[!@]/);
  });

  test("stays within the limits of Block Kit", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (name) => {
        const { text, blocks } = renderSlack(namedFacts(name), { name, projectName: name });
        expect(text.length).toBeLessThanOrEqual(3000);
        const [header, section, facts] = blocks as { text: { text: string }; fields: { text: string }[] }[];
        expect(header?.text.text.length).toBeLessThanOrEqual(150);
        expect(section?.text.text.length).toBeLessThanOrEqual(3000);
        expect(section?.text.text.length).toBeGreaterThan(0);
        expect(facts?.fields.every((field) => field.text.length <= 2000)).toBe(true);
        expect(facts?.fields.length).toBeLessThanOrEqual(10);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a delivery", () => {
  test("is one POST of the stored message", async () => {
    const { sink, outcome } = await send({ status: 200, body: "ok" });
    expect(outcome).toEqual({ result: "sent", status: 200 });
    expect(sink.received).toHaveLength(1);
    expect(sink.received[0]).toMatchObject({ path, headers: { "content-type": "application/json" } });
    expect(JSON.parse(sink.received[0]?.body ?? "")).toEqual(renderSlack(downFacts, channel));
  });

  test.each<[string, Reply, object]>([
    [
      "a limit",
      { status: 429, headers: { "retry-after": "30" }, body: "rate_limited" },
      { result: "retry", status: 429, error: "HTTP 429: rate_limited", retryAfterMs: 30_000 },
    ],
    ["a failure of theirs", { status: 503 }, { result: "retry", status: 503, error: "HTTP 503", retryAfterMs: null }],
    ["a message it never takes", { status: 400, body: "invalid_blocks" }, { result: "rejected", status: 400 }],
    ["a refusal", { status: 403, body: "action_prohibited" }, { result: "rejected", status: 403 }],
    ["a removed webhook", { status: 404, body: "no_service" }, { result: "gone", status: 404 }],
    ["an archived channel", { status: 410, body: "channel_is_archived" }, { result: "gone", status: 410 }],
    ["a page of a proxy", { status: 404, body: "<html>" }, { result: "rejected", status: 404 }],
    ["a redirect", { status: 302, headers: { location: "/x" } }, { result: "retry", status: 302 }],
    ["a broken connection", "drop", { result: "retry", status: null }],
    [
      "an answer that repeats the secret",
      { status: 400, body: `no such ${path}` },
      { result: "rejected", error: "HTTP 400: no such ***" },
    ],
  ])("%s", async (_what, reply, expected) => {
    const { sink, outcome } = await send(reply);
    expect(outcome).toMatchObject(expected);
    expect(sink.received).toHaveLength(1);
  });
});

test("its URL is a secret", () => {
  expect(slack.show({ webhook_url: `https://hooks.slack.com${path}` })).toEqual({ webhook_url: "********" });
});

test.each([
  ["https://hooks.slack.com/services/a", true],
  ["https://hooks.slack-gov.com/services/a", true],
  ["http://127.0.0.1:9999/slack", true],
  ["http://hooks.slack.com/services/a", false],
  ["https://hooks.slack.com.evil.example/services/a", false],
  ["https://hooks.slack.com:5432/services/a", false],
  ["https://example.com/services/a", false],
  ["http://10.0.0.1/a", false],
  ["http://93.184.215.14/a", false],
])("%s is taken: %s", (url, isTaken) => {
  expect(slack.objection({ webhook_url: url })?.name).toBe(isTaken ? undefined : "config.webhook_url");
});
