import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { freshId, stages, type Told } from "@/lib/testing/stages";
import { makeWorkflow, staticRules } from "@/lib/testing/workflows";
import { deleteWorkflow } from "@/lib/workflows/commands";

const at = stages();

async function raw(path: string, body: string, headers: Record<string, string> = {}): Promise<Told> {
  const own = { "Content-Type": "application/json", "X-Api-Key": at.world.key };
  const answer = await fetch(`${at.origin}${path}`, { method: "POST", headers: { ...own, ...headers }, body });
  return { status: answer.status, body: (await answer.json()) as Told["body"] }; // all answers are objects
}

const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

describe("bodies that break what reads them carelessly", () => {
  test.each<[string, string, string]>([
    ["an object that is no text", `{"agent":{"toString":1,"valueOf":1}}`, "agent"],
    ["a list for a flag", `{"final":["yes"]}`, "final"],
    ["an object for the status", `{"status":{"a":1}}`, "status"],
  ])("%s", async (_, body, name) => {
    const told = await raw(`/dhk/${freshId()}?stagePath=1&start=yes`, body);
    expect(told).toMatchObject({ status: 400, body: { code: "invalid_input", invalid_params: [{ name }] } });
  });

  test.each<[string, string, Record<string, string>]>([
    ["a value of 100,000 levels", `{"agent":${nested(100_000)}}`, {}],
    ["a payload of 100,000 levels", `{"payload":${nested(100_000)}}`, {}],
    ["the same, to be sent again", `{"payload":${nested(100_000)}}`, { "Idempotency-Key": "deep" }],
    ["257 levels", `{"payload":${nested(256)}}`, {}],
  ])("%s", async (_, body, headers) => {
    const told = await raw(`/dhk/${freshId()}?stagePath=1&start=yes`, body, headers);
    expect(told).toMatchObject({ status: 400, body: { code: "invalid_json" } });
  });

  test.each<[string, string]>([
    ["names of methods", `{"__proto__":{"a":1},"constructor":1,"toString":2}`],
    ["a byte order mark", `\uFEFF{"a":1}`],
    ["half a character", `{"a\\u0000b":"\\ud800","model_id":"\\ud800"}`],
    ["256 levels", `{"payload":${nested(255)}}`],
  ])("%s is taken", async (_, body) => {
    expect((await raw(`/dhk/${freshId()}?stagePath=1&start=yes`, body)).status).toBe(200);
  });

  test("large payloads together are all kept", async () => {
    const id = freshId();
    const { body } = await at.send(`/dhk/${id}?stagePath=1&start=yes`);
    const payload = JSON.stringify({ payload: '"'.repeat(400_000) });
    const said = await Promise.all(Array.from({ length: 24 }, (_, n) => raw(`/dhk/${id}?stagePath=2.${n}`, payload)));
    expect(new Set(said.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await at.steps(body["instance_id"])).toHaveLength(25);
  });
});

describe("names and keys", () => {
  test("an id that is too long is nobody's", async () => {
    const long = freshId().padEnd(100, "x");
    expect((await at.send(`/dhk/${long}?stagePath=1&start=yes`)).status).toBe(200);
    expect((await at.send(`/dhk/${long}y?stagePath=1&start=yes`)).status).toBe(404);
    expect((await at.send(`/dhk/${long}y?stagePath=2`)).status).toBe(404);
  });

  test("a key that is none is refused, however long", async () => {
    const told = await raw(`/dhk/${freshId()}?stagePath=1`, JSON.stringify({ key: "k".repeat(900_000) }), {
      "X-Api-Key": "",
    });
    expect(told.status).toBe(401);
  });

  test("an empty parameter in the address leaves it to the body", async () => {
    const { body } = await raw(`/dhk/${freshId()}?stagePath=1&start=yes&agent=`, `{"agent":"gpt"}`);
    expect(await at.steps(body["instance_id"])).toMatchObject([{ agent: "gpt", payload: null }]);
  });

  test("another's instance is another's, also while its owner reports to it", async () => {
    const own = await at.flexible();
    const { body } = await at.send(`/shk/${own}?stage=1`);
    const theirs = await makeWorkflow(at.world.foreign.id, { rules: staticRules(3) });
    const path = `${at.origin}/shk/${theirs}?stage=2&key=${at.world.foreignKey}&instance_id=${String(body["instance_id"])}`;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, n) =>
        n % 2 === 0 ? (await fetch(path)).status : (await at.send(`/shk/${own}?stage=2`)).status,
      ),
    );
    expect(new Set(answers)).toEqual(new Set([403, 200]));
    expect((await pool().query("SELECT FROM rejected_pings WHERE workflow_id = $1", [theirs])).rowCount).toBe(0);
  });

  test("a workflow that is made again does not answer for the one before", async () => {
    const id = freshId();
    const send = () => raw(`/dhk/${id}?stagePath=1&start=yes`, "{}", { "Idempotency-Key": "again" });
    const first = await send();
    await deleteWorkflow(at.world.project.caller, id);
    const second = await send();
    expect(second.status).toBe(200);
    expect(second.body["instance_id"]).not.toBe(first.body["instance_id"]);
    expect(await at.instances(id)).toMatchObject([{ n_steps: 1 }]);
  });
});
