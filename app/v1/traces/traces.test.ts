import { gzipSync } from "node:zlib";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import * as keyed from "@/app/otlp/[key]/v1/traces/route";
import * as otlp from "@/app/otlp/v1/traces/route";
import { settle } from "@/lib/env";
import { call } from "@/lib/testing/http";
import { jsonRequest, protobufRequest } from "@/lib/testing/otlp";
import { instanceOf, post, postSpans, stepsOf, TestTrace } from "@/lib/testing/traces";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { makeWorld, type World } from "@/lib/testing/world";
import * as route from "./route";

let world: World;

beforeAll(async () => {
  world = await makeWorld();
});
afterEach(() => {
  settle({ RATE_LIMITS: "off" });
});

const requestOf = (trace: TestTrace) => [
  { resource: { "service.name": "agent" }, spans: [trace.chat(), trace.root()] },
];
const PROTOBUF = "application/x-protobuf";

describe("who may send", () => {
  test("the key is taken from every place a key may be in", async () => {
    const trace = new TestTrace();
    const body = jsonRequest(requestOf(trace));
    const json = (more: object) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body, ...more });
    const answers = [
      await call(route.POST, json({ key: world.key })),
      await call(route.POST, json({ path: `/v1/traces?key=${world.project.pingKey}` })),
      await call(otlp.POST, json({ body: { ...body, key: world.key } })),
      await call(keyed.POST, json({ params: { key: world.project.pingKey } })),
      await call(
        route.POST,
        json({ headers: { "Content-Type": "application/json", Authorization: `Bearer ${world.key}` } }),
      ),
    ];
    expect(answers.map(({ status, text }) => [status, text])).toEqual(answers.map(() => [200, "{}"]));
    expect(await stepsOf(world, trace.traceId)).toHaveLength(1);
  });

  test("others hear in the form of their request why not", async () => {
    const body = JSON.stringify(jsonRequest(requestOf(new TestTrace())));
    const reader = await world.project.key(["read"]);
    for (const [key, status] of [
      [undefined, 401],
      ["nobody's", 401],
      [reader, 403],
    ] as const) {
      const answer = await post(route.POST, { body, ...(key !== undefined && { key }) });
      expect(answer).toMatchObject({ status, body: { status } });
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
      const other = await post(route.POST, {
        body: Buffer.alloc(0),
        type: PROTOBUF,
        ...(key !== undefined && { key }),
      });
      expect([other.status, other.headers.get("content-type")]).toEqual([status, PROTOBUF]);
      expect(other.bytes.toString()).toMatch(/key/);
    }
    // Nobody's body is read for long.
    const large = await post(route.POST, { body: " ".repeat(1_100_000) });
    expect(large.status).toBe(413);
  });

  test("a trace of another project is another trace", async () => {
    const trace = new TestTrace();
    const told = { service: "agent", spans: [trace.chat(), trace.root()] };
    await postSpans(world.key, told);
    await postSpans(world.foreignKey, told);
    const [own, foreign] = await Promise.all(
      [world.project, world.foreign].map((project) => instanceOf({ ...world, project }, trace.traceId)),
    );
    expect(own.id).not.toBe(foreign.id);
    expect([own.n_steps, foreign.n_steps]).toEqual([1, 1]);
  });
});

describe("forms", () => {
  test.each([
    ["as it is", "application/json; charset=utf-8", {}, (bytes: Buffer) => bytes],
    ["in gzip", "application/json", { "Content-Encoding": "gzip" }, gzipSync],
  ])("JSON %s", async (_how, type, headers, encode) => {
    const trace = new TestTrace();
    const body = encode(Buffer.from(JSON.stringify(jsonRequest(requestOf(trace)))));
    const answer = await post(route.POST, { key: world.key, body, type, headers });
    expect([answer.status, answer.bytes.toString(), answer.headers.get("content-type")]).toEqual([
      200,
      "{}",
      "application/json",
    ]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "completed", workflow_id: "agent" });
  });

  test("protobuf", async () => {
    const trace = new TestTrace();
    const answer = await post(route.POST, { key: world.key, body: protobufRequest(requestOf(trace)), type: PROTOBUF });
    expect([answer.status, answer.bytes.length, answer.headers.get("content-type")]).toEqual([200, 0, PROTOBUF]);
    expect(await instanceOf(world, trace.traceId)).toMatchObject({ status: "completed", workflow_id: "agent" });
  });

  test("a request of nothing is one", async () => {
    expect(await post(route.POST, { key: world.key, body: "{}" })).toMatchObject({ status: 200, body: {} });
    expect((await post(route.POST, { key: world.key, body: Buffer.alloc(0), type: PROTOBUF })).status).toBe(200);
  });

  test.each([
    ["another encoding", { "Content-Encoding": "br" }, "application/json"],
    ["two encodings", { "Content-Encoding": "gzip, gzip" }, "application/json"],
    ["another type", {}, "text/plain"],
  ])("%s: 415", async (_what, headers, type) => {
    const answer = await post(route.POST, { key: world.key, body: "{}", type, headers });
    expect(answer).toMatchObject({ status: 415, body: { code: "unsupported_media_type" } });
  });

  test.each(["GET", "PUT", "PATCH", "DELETE"] as const)("%s: 405", async (method) => {
    for (const one of [route, otlp, keyed]) {
      const answer = await call(one[method], { method });
      expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST, OPTIONS"]);
    }
  });
});

describe("what cannot be kept", () => {
  test("a bad span among good ones is told, and the good ones are kept", async () => {
    const trace = new TestTrace();
    const [resource] = (jsonRequest(requestOf(trace)) as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] })
      .resourceSpans;
    resource?.scopeSpans[0]?.spans.unshift(
      { ...trace.chat(), spanId: "zz" },
      { ...trace.chat(), startTimeUnixNano: "0", endTimeUnixNano: "9".repeat(32) },
    );
    const answer = await post(route.POST, { key: world.key, body: JSON.stringify({ resourceSpans: [resource] }) });
    expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: "2" } } });
    expect(JSON.stringify(answer.body)).toMatch(/spanId must be 16 hexadecimal digits/);
    expect(await stepsOf(world, trace.traceId)).toHaveLength(1);
    const bytes = protobufRequest([{ resource: {}, spans: [trace.chat(), { ...trace.chat(), spanId: "00" }] }]);
    const other = await post(route.POST, { key: world.key, body: bytes, type: PROTOBUF });
    expect(other.status).toBe(200);
    expect(other.bytes.toString()).toMatch(/span_id must be 8 bytes/);
  });

  test("spans of a static workflow are refused with the reason", async () => {
    const id = await makeWorkflow(world.project.id, { rules: staticRules(2) });
    const trace = new TestTrace();
    const answer = await postSpans(world.key, { service: id, spans: [trace.chat(), trace.root()] });
    expect(answer).toMatchObject({ status: 200, body: { partialSuccess: { rejectedSpans: "1" } } });
    expect(JSON.stringify(answer.body)).toMatch(/is static/);
    expect(await instanceOf(world, trace.traceId)).toBeUndefined();
  });

  test.each([
    ["no JSON", "{", /not valid JSON/],
    ["logs", '{"resourceLogs":[]}', /These are logs/],
    ["metrics", '{"resourceMetrics":[]}', /These are metrics/],
    [
      "attributes as an object",
      '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","attributes":{"a":1}}]}]}]}',
      /attributes must be a list/,
    ],
  ])("%s: 400 with words that help", async (_what, body, why) => {
    const answer = await post(route.POST, { key: world.key, body });
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_input" } });
    expect(String(answer.body["detail"])).toMatch(why);
  });

  test("protobuf that is none, and gzip that is none: 400", async () => {
    const answer = await post(route.POST, { key: world.key, body: Buffer.from("{}"), type: PROTOBUF });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([400, PROTOBUF]);
    expect(answer.bytes.toString()).toMatch(/not a valid protobuf message/);
    for (const body of ["{}", gzipSync("{}".repeat(100)).subarray(0, 20)]) {
      const other = await post(route.POST, { key: world.key, body, headers: { "Content-Encoding": "gzip" } });
      expect(other.status).toBe(400);
    }
  });
});

describe("too much", () => {
  test("65 MiB, and what decompresses to it: 413", async () => {
    const headers = { "Content-Encoding": "gzip" };
    const large = Buffer.alloc(65 * 1024 * 1024, " ");
    for (const sent of [{ body: large }, { body: gzipSync(large), headers }]) {
      const answer = await post(route.POST, { key: world.key, ...sent });
      expect(answer).toMatchObject({ status: 413, body: { code: "payload_too_large" } });
    }
  });

  test("a gzip that says it holds less than it does is stopped there: 413", async () => {
    const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, " "));
    bomb.writeUInt32LE(1000, bomb.length - 4);
    const before = process.memoryUsage().arrayBuffers;
    const answer = await post(route.POST, { key: world.key, body: bomb, headers: { "Content-Encoding": "gzip" } });
    expect(answer.status).toBe(413);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  test("more spans in a minute than a project may send: 429 with the time to wait", async () => {
    settle({ RATE_LIMITS: "on" });
    const own = new TestTrace();
    const few = JSON.stringify(jsonRequest(requestOf(own)));
    const many = `{"resourceSpans":[{"scopeSpans":[{"spans":[${"1,".repeat(1_200_000)}1]}]}]}`;
    const answers = [];
    for (const body of [few, many, few]) answers.push(await post(route.POST, { key: world.foreignKey, body }));
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 429]);
    expect(Number(answers[1]?.headers.get("retry-after"))).toBeGreaterThan(0);
    // Another project may.
    expect((await post(route.POST, { key: world.key, body: "{}" })).status).toBe(200);
  });
});
