import { expect, test } from "vitest";
import { codes, freshId, stages } from "@/lib/testing/stages";

const at = stages();

const sent = (key: string, body: unknown = {}): RequestInit => ({
  method: "POST",
  headers: { "Idempotency-Key": key, "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

test("a stage that is sent again gets its first answer and makes no second step", async () => {
  const id = freshId();
  const path = `/dhk/${id}?stagePath=1&start=yes&final=yes`;
  const said = await Promise.all(Array.from({ length: 10 }, () => at.send(path, sent("once", { n: 1 }))));
  const [first] = said;
  expect(first).toMatchObject({ status: 200, body: { workflow_status: "completed" } });
  for (const one of [...said, await at.send(path, sent("once", { n: 1 }))]) expect(one.body).toEqual(first?.body);
  expect(await at.instances(id)).toMatchObject([{ n_steps: 1 }]);
});

test("the same key for another request is refused, and another key is another request", async () => {
  const id = freshId();
  const path = `/dhk/${id}?stagePath=1`;
  const said = [
    await at.send(`${path}&start=yes`, sent("a")),
    await at.send(path, sent("b", { n: 1 })),
    await at.send(path, sent("b", { n: 2 })),
    await at.send(path, sent("c")),
    await at.send(path, sent("")),
    await at.send(path, sent("x".repeat(256))),
  ];
  expect(codes(said)).toEqual([200, 200, "idempotency_conflict", 200, "invalid_input", "invalid_input"]);
  expect(await at.instances(id)).toMatchObject([{ n_steps: 3 }]);
});

test("what was refused may be sent again", async () => {
  const id = await at.strict();
  const said = [
    await at.send(`/shk/${id}?stage=2`, sent("retry")),
    await at.send(`/shk/${id}?stage=1`),
    await at.send(`/shk/${id}?stage=2`, sent("retry")),
    await at.send(`/shk/${id}?stage=2`, sent("retry")),
  ];
  expect(codes(said)).toEqual(["stage_missed", 200, 200, 200]);
});
