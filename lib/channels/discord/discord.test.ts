import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anAttempt, downFacts, namedFacts, upFacts } from "@/lib/testing/alert-facts";
import { openSink, type Reply } from "@/lib/testing/sink";
import { factsFrom, workflowAlerts } from "@/lib/testing/workflow-alerts";
import { discord } from "./discord";
import { renderDiscord } from "./render";

const channel = { name: "Ops", projectName: "Shop" };
const token = "a".repeat(68);
const path = `/api/webhooks/1234567890/${token}`;

type Embed = {
  title: string;
  description: string;
  fields: { name: string; value: string }[];
  footer: { text: string };
};
const embedOf = (name: string, from = channel) => renderDiscord(namedFacts(name), from).embeds[0] as unknown as Embed; // the shape the tests below read

async function send(...script: Reply[]) {
  const sink = await openSink(...script);
  const config = { webhook_url: `${sink.url}${path}?thread_id=5` };
  return { sink, outcome: await discord.send(renderDiscord(downFacts, channel), config, anAttempt) };
}

describe("a message", () => {
  test("is one embed that mentions nobody", () => {
    const message = renderDiscord(downFacts, channel);
    expect(message).toMatchObject({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: "DOWN: Nightly backup",
          url: "http://pulsetrail.test/projects/p1/checks/c1",
          timestamp: "2026-11-20T12:05:00.000Z",
          footer: { text: "Shop · Ops" },
        },
      ],
    });
    expect(message.embeds).toHaveLength(1);
    const colors = [downFacts, upFacts].map((facts) => renderDiscord(facts, channel).embeds[0]?.["color"]);
    expect(new Set(colors).size).toBe(2);
  });

  test("about a workflow leads to its instance, green when it completed", () => {
    const { failed, completed } = workflowAlerts();
    expect(renderDiscord(factsFrom(failed), channel).embeds).toMatchObject([
      {
        title: "FAILED: Nightly model",
        url: "http://pulsetrail.test/projects/p1/instances/s1",
        fields: expect.arrayContaining([{ name: "Reason", value: "Stage 2 failed", inline: true }]),
      },
    ]);
    const colors = [factsFrom(completed), upFacts, factsFrom(failed)].map(
      (facts) => renderDiscord(facts, channel).embeds[0]?.["color"],
    );
    expect(colors[0]).toBe(colors[1]);
    expect(colors[0]).not.toBe(colors[2]);
  });

  test("shows what people typed as they typed it", () => {
    const { title, description } = embedOf("@everyone **x** [a](http://evil.example) <@1> `c`\n# h");
    const typed = "\\@everyone \\*\\*x\\*\\* \\[a\\]\\(http://evil.example\\) \\<\\@1\\> \\`c\\` \\# h";
    expect(title).toBe(`DOWN: ${typed}`);
    expect(description).toBe(`"${typed}" is down.`);
  });

  test("stays within the limits of an embed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 5000 }), (name) => {
        const { title, description, fields, footer } = embedOf(name, { name, projectName: name });
        expect(title.length).toBeLessThanOrEqual(256);
        expect(description.length).toBeLessThanOrEqual(4096);
        expect(footer.text.length).toBeLessThanOrEqual(2048);
        expect(fields.length).toBeLessThanOrEqual(25);
        for (const field of fields) expect(field.value.length).toBeLessThanOrEqual(1024);
        const parts = [title, description, footer.text, ...fields.flatMap((field) => [field.name, field.value])];
        expect(parts.join("").length).toBeLessThanOrEqual(6000);
      }),
      { numRuns: 30 },
    );
  });
});

describe("a delivery", () => {
  test("waits for Discord's word and keeps the thread", async () => {
    const { sink, outcome } = await send({ status: 200, body: '{"id":"1"}' });
    expect(outcome).toEqual({ result: "sent", status: 200 });
    expect(sink.received.map((one) => one.path)).toEqual([`${path}?thread_id=5&wait=true`]);
    expect(JSON.parse(sink.received[0]?.body ?? "")).toEqual(renderDiscord(downFacts, channel));
  });

  test.each<[string, Reply, object]>([
    [
      "a limit",
      { status: 429, headers: { "retry-after": "3" }, body: '{"retry_after":2.5}' },
      { result: "retry", status: 429, retryAfterMs: 3000 },
    ],
    ["a failure of theirs", { status: 500 }, { result: "retry", status: 500, retryAfterMs: null }],
    ["a message it never takes", { status: 400, body: '{"code":50006}' }, { result: "rejected", status: 400 }],
    ["a deleted webhook", { status: 404, body: '{"code":10015}' }, { result: "gone", status: 404 }],
    ["another 404", { status: 404, body: '{"code":10003}' }, { result: "rejected", status: 404 }],
    ["a 404 without JSON", { status: 404, body: "<html>" }, { result: "rejected", status: 404 }],
    ["a broken connection", "drop", { result: "retry", status: null }],
    [
      "an answer that repeats the token",
      { status: 401, body: `bad ${token}` },
      { result: "rejected", error: "HTTP 401: bad ***" },
    ],
  ])("%s", async (_what, reply, expected) => {
    const { sink, outcome } = await send(reply);
    expect(outcome).toMatchObject(expected);
    expect(sink.received).toHaveLength(1);
  });
});

test("its URL is a secret", () => {
  expect(discord.show({ webhook_url: `https://discord.com${path}` })).toEqual({ webhook_url: "********" });
});

test.each([
  ["https://discord.com/api/webhooks/1/a", true],
  ["https://discordapp.com/api/webhooks/1/a", true],
  ["http://127.0.0.1:9999/discord", true],
  ["http://discord.com/api/webhooks/1/a", false],
  ["https://discord.com.evil.example/a", false],
  ["https://hooks.slack.com/services/a", false],
  ["http://192.168.0.1/a", false],
])("%s is taken: %s", (url, isTaken) => {
  expect(discord.objection({ webhook_url: url })?.name).toBe(isTaken ? undefined : "config.webhook_url");
});
