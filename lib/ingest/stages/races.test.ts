import { describe, expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { codes, freshId, stages } from "@/lib/testing/stages";

const at = stages();

describe("at once", () => {
  test("100 stages of one instance keep an order without gaps", async () => {
    const id = freshId();
    const { body } = await at.send(`/dhk/${id}?stagePath=1&start=yes`);
    const said = await Promise.all(
      Array.from({ length: 100 }, (_, index) => at.send(`/dhk/${id}?stagePath=2.${index}`)),
    );
    expect(new Set(codes(said))).toEqual(new Set([200]));
    const steps = await at.steps(body["instance_id"]);
    expect(steps.map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 101 }, (_, index) => index));
    expect(new Set(steps.map(({ path }) => path)).size).toBe(101);
  });

  test("first stages that make a workflow make one, each its own instance", async () => {
    const id = freshId();
    const said = await Promise.all(Array.from({ length: 20 }, () => at.send(`/dhk/${id}?stagePath=1&start=yes`)));
    expect(new Set(said.map(({ body }) => body["instance_id"])).size).toBe(20);
    expect((await at.instances(id)).map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect((await pool().query("SELECT FROM workflows WHERE id = $1", [id])).rowCount).toBe(1);
  });

  test("flexible stages that begin an instance begin one", async () => {
    const id = await at.flexible(30);
    const said = await Promise.all(Array.from({ length: 30 }, (_, index) => at.send(`/shk/${id}?stage=${index + 1}`)));
    expect(new Set(codes(said))).toEqual(new Set([200]));
    expect(await at.instances(id)).toMatchObject([{ status: "completed", n_steps: 30 }]);
  });

  test("strict: of many that send the same next stage one is taken", async () => {
    const id = await at.strict();
    await at.send(`/shk/${id}?stage=1`);
    const said = await Promise.all(Array.from({ length: 20 }, () => at.send(`/shk/${id}?stage=2`)));
    expect(codes(said).filter((code) => code === 200)).toHaveLength(1);
    expect(await at.alerts(id)).toHaveLength(1);
  });
});
