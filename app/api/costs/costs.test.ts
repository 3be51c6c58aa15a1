import { beforeAll, describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { call } from "@/lib/testing/http";
import { makePerson } from "@/lib/testing/people";
import { freshId, stages } from "@/lib/testing/stages";
import { GET as download } from "./export/route";
import { GET as overview } from "./route";

const at = stages();
const workflow = freshId();
let today: string;

beforeAll(async () => {
  await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, {
    cost_usd: 0.5,
    model_id: "gpt-4o",
    usage: { input_tokens: 100, output_tokens: 10 },
    tags: ['=HYPERLINK("x")', "acme"],
  });
  await at.post(`/dhk/${workflow}?stagePath=2`, { model_id: "nobody-knows-1", usage: { input_tokens: 5 } });
  const { rows } = await pool().query("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS today");
  today = rows[0]?.today;
});

type Asked = { query?: string; key?: string; headers?: Record<string, string> };

const ask = (handler: typeof overview, { query = "", key = at.world.key, headers }: Asked = {}) =>
  call(handler, { path: `/${query}`, key, ...(headers !== undefined && { headers }) });

describe("GET /api/costs", () => {
  test("tells what the project costs, by workflow and of 30 days unless something else is asked", async () => {
    const { status, body } = await ask(overview);
    expect(status).toBe(200);
    expect(body).toEqual({
      period_days: 30,
      today_cost_usd: 0.5,
      week_cost_usd: 0.5,
      month_cost_usd: 0.5,
      month_forecast_usd: null,
      total_cost_usd: 0.5,
      previous_cost_usd: 0,
      instance_count: 1,
      unpriced_steps: 1,
      by: "workflow",
      sums_overlap: false,
      groups: [
        {
          key: workflow,
          name: workflow,
          cost_usd: 0.5,
          share: 1,
          steps: 2,
          input_tokens: 105,
          output_tokens: 10,
          unpriced_steps: 1,
        },
      ],
      days: expect.any(Array),
      currency: "USD",
      time_zone: "UTC",
    });
    const { days } = body as { days: object[] };
    expect(days.length).toBe(30);
    expect(days.at(-1)).toEqual({ day: today, total_cost_usd: 0.5, costs: { [workflow]: 0.5 }, other_cost_usd: 0 });
    expect(days[0]).toMatchObject({ costs: {}, other_cost_usd: 0 });
  });

  test.each([
    ["days", "?days=0"],
    ["days", "?days=367"],
    ["days", "?days=1.5"],
    ["days", "?days=week"],
    ["days", "?days="],
    ["by", "?by=colour"],
    ["by", "?by="],
  ])("refuses a wrong %s by its name: %s", async (name, query) => {
    for (const handler of [overview, download]) {
      const { status, body } = await ask(handler, { query });
      expect(status).toBe(400);
      expect(body).toMatchObject({ code: "invalid_input", invalid_params: [{ name }] });
    }
  });

  test("needs the scope read", async () => {
    const key = await at.world.project.key(["ping"]);
    for (const handler of [overview, download]) {
      expect((await ask(handler, { key })).status).toBe(403);
      expect((await call(handler, {})).status).toBe(401);
    }
    expect((await ask(overview, { key: at.world.foreignKey })).body).toMatchObject({ total_cost_usd: 0, groups: [] });
  });
});

describe("GET /api/costs/export", () => {
  test("is CSV by day and group, of which spreadsheets run nothing", async () => {
    const { status, headers, text } = await ask(download, { query: "?by=tag&days=8" });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(headers.get("content-disposition")).toMatch(
      /^attachment; filename="costs-by-tag-\d{4}-\d\d-\d\d-to-\d{4}-\d\d-\d\d\.csv"$/,
    );
    expect(text.split("\r\n")).toEqual([
      "day,group,steps,input_tokens,output_tokens,unpriced_steps,cost_usd,name",
      `${today},"'=HYPERLINK(""x"")",1,,,,0.5,"'=HYPERLINK(""x"")"`,
      `${today},acme,1,,,,0.5,acme`,
      "",
    ]);
  });

  test("has all groups, with tokens where they are kept", async () => {
    const { text } = await ask(download, { query: "?by=model&days=366" });
    expect(text.split("\r\n").slice(1)).toEqual([
      `${today},gpt-4o,1,100,10,0,0.5,gpt-4o`,
      `${today},nobody-knows-1,1,5,0,1,0,nobody-knows-1`,
      "",
    ]);
    expect((await ask(download)).text).toContain(`${today},${workflow},2,105,10,1,0.5,${workflow}`);
  });

  test("is there at an address without names, of which Next gives no parameters", async () => {
    const request = new Request("http://pulsetrail.test/", { headers: { "X-Api-Key": at.world.key } });
    const answer = await download(request, { params: Promise.resolve(undefined as never) });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(workflow);
  });

  test("is given to people who are signed in by a plain link, and to nobody of another project", async () => {
    const person = await makePerson({ memberships: { [at.world.project.id]: "viewer" } });
    const { Cookie = "" } = person.headers();
    const asked = (project: string) => call(download, { path: `/?by=model&project=${project}`, headers: { Cookie } });
    expect((await asked(at.world.project.id)).text).toContain("gpt-4o");
    expect((await asked(at.world.foreign.id)).status).toBe(404);
  });
});
