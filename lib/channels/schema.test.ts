import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONFIGS, CreateChannel } from "./schema";

const secret = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString("base64")}`;
const namesOf = (input: unknown) => CreateChannel.safeParse(input).error?.issues.map((issue) => issue.path.join("."));

describe("an e-mail address", () => {
  test.each(["ops@example.com", "first.last+tag@sub.example.co", "o'neil@example.com", "admin@localhost"])(
    "%s is taken",
    (to) => {
      expect(CONFIGS.email.parse({ to })).toEqual({ to });
    },
  );

  test.each([
    "",
    "ops",
    "@example.com",
    "ops@",
    "a@b@c.example",
    "a@example.com,b@example.com",
    "a@example.com;b@example.com",
    "a@example.com b@example.com",
    '"a b"@example.com',
    "Ops <ops@example.com>",
    "<ops@example.com>",
    "ops@example.com\r\nBcc: x@evil.example",
    "ops@example.com\n",
    "ops\0@example.com",
    "ops@exam ple.com",
    "ops@-example.com",
    "ops@example..com",
    "ops@[127.0.0.1]",
    "ops(comment)@example.com",
    "ops@exämple.com",
    `${"a".repeat(65)}@example.com`,
    null,
    5,
    ["ops@example.com"],
    { to: "ops@example.com" },
  ])("%j is not", (to) => expect(CONFIGS.email.safeParse({ to }).success).toBe(false));

  test("that is taken never holds what could end a header or add a recipient", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (left, right) => {
        const parsed = CONFIGS.email.safeParse({ to: `${left}@${right}` });
        return !parsed.success || !/[\s\p{Cc},;:<>"()[\]\\]/u.test(parsed.data.to);
      }),
    );
  });
});

describe("a webhook", () => {
  const url = "https://hooks.example.com/a?b=c";

  test.each([
    { url },
    { url, secret: secret(24) },
    { url, secret: secret(64) },
    { url, headers: {} },
    { url, headers: { Authorization: "Bearer x" } },
  ])("%j is taken", (config) => expect(CONFIGS.webhook.parse(config)).toEqual(config));

  test.each([
    [{}, "url"],
    [{ url: "ftp://example.com" }, "url"],
    [{ url: "https://user:pass@example.com" }, "url"],
    [{ url: "javascript:alert(1)" }, "url"],
    [{ url: " https://example.com" }, "url"],
    [{ url: "https://example.com/\n" }, "url"],
    [{ url: "https://" }, "url"],
    [{ url: `https://example.com/${"a".repeat(2000)}` }, "url"],
    [{ url, secret: secret(23) }, "secret"],
    [{ url, secret: secret(65) }, "secret"],
    [{ url, secret: "whsec_" }, "secret"],
    [{ url, secret: secret(32).slice(6) }, "secret"],
    [{ url, secret: "whsec_not base64!" }, "secret"],
    [{ url, headers: { Host: "x" } }, "headers.Host"],
    [{ url, headers: { "webhook-id": "x" } }, "headers.webhook-id"],
    [{ url, headers: { "Content-Type": "x" } }, "headers.Content-Type"],
    [{ url, headers: { "X-A": "a\r\nX-B: c" } }, "headers.X-A"],
    [{ url, headers: { "X-A": 1 } }, "headers.X-A"],
    [{ url, headers: [] }, "headers"],
    [{ url, headers: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`X-${index}`, "x"])) }, "headers"],
  ])("%j is not, for its %s", (config, name) => {
    expect(CONFIGS.webhook.safeParse(config).error?.issues.map((issue) => issue.path.join("."))).toEqual([name]);
  });
});

describe("a new channel", () => {
  const good = { kind: "email", name: " Ops ", config: { to: "ops@example.com" } };

  test("wants the default events unless it names some", () => {
    expect(CreateChannel.parse(good)).toEqual({ ...good, name: "Ops", events: [] });
    expect(CreateChannel.parse({ ...good, events: ["check.up", "check.down", "check.up"] }).events).toEqual([
      "check.up",
      "check.down",
    ]);
  });

  test.each([
    [{ ...good, kind: "carrier-pigeon" }, ["kind"]],
    [{ name: "x", config: {} }, ["kind"]],
    [{ ...good, name: "" }, ["name"]],
    [{ ...good, name: "a\0b" }, ["name"]],
    [{ ...good, name: "x".repeat(101) }, ["name"]],
    [{ ...good, config: { to: "x" } }, ["config.to"]],
    [{ ...good, config: null }, ["config"]],
    [{ ...good, events: ["check.exploded"] }, ["events.0"]],
    [{ ...good, events: ["channel.disabled"] }, ["events.0"]],
    [{ ...good, events: "check.down" }, ["events"]],
    [[], [""]],
  ])("%j is refused for %j", (input, names) => expect(namesOf(input)).toEqual(names));
});
