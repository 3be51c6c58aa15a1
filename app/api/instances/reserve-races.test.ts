import fc from "fast-check";
import { expect, test } from "vitest";
import { pool } from "@/lib/db/pool";
import { DAILY, reserving } from "@/lib/testing/reservations";
import { stages } from "@/lib/testing/stages";
import { PUT as setBudget } from "../workflows/[id]/budget/route";
import { DELETE as giveBack } from "./[id]/reservations/[reservation]/route";
import { GET as list } from "./[id]/reservations/route";
import { POST as reserve } from "./[id]/reserve/route";

// Calls that run beside each other, on the real database: together they never exceed a limit.
const at = stages();
const {
  another,
  ask,
  begun,
  giveBack: drop,
  granted,
  left,
  stored,
} = reserving(at, {
  reserve,
  list,
  giveBack,
  setBudget,
});

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));
const statuses = <T extends { status: number }>(answers: T[], status: number): T[] =>
  answers.filter((one) => one.status === status);

test("of 50 that ask at once for a tenth of the limit, exactly ten are granted", async () => {
  const { id } = await begun();
  const answers = await Promise.all(times(50, () => ask(id, { estimated_cost_usd: 0.1 })));
  expect(statuses(answers, 201)).toHaveLength(10);
  expect(statuses(answers, 402)).toHaveLength(40);
  expect(await stored(id)).toBe(10);
  const remaining = statuses(answers, 201).map(({ body }) => (body as { remaining_usd: number }).remaining_usd); // of the contract
  expect(remaining.sort()).toEqual(times(10, (one) => one / 10));
});

test("of 50 that ask at once in five instances under a daily limit, exactly ten are granted", async () => {
  const { workflow, id } = await begun({ ...DAILY, budget_limit_usd: 0.5 });
  const ids = [id, ...(await Promise.all(times(4, () => another(workflow))))];
  const answers = await Promise.all(times(50, (index) => ask(ids[index % 5] ?? id, { estimated_cost_usd: 0.1 })));
  expect(statuses(answers, 201)).toHaveLength(10);
  expect(statuses(answers, 402)).toHaveLength(40);
});

test("ten steps at once that end what was held for them leave the rest of it free", async () => {
  const { workflow, id } = await begun();
  const held: string[] = [];
  for (let one = 0; one < 10; one += 1) held.push(await granted(id, 0.1));
  const steps = held.map((reservation, index) =>
    at.post(`/dhk/${workflow}?stagePath=${index + 2}&instance_id=${id}&reservation_id=${reservation}`, {
      cost_usd: 0.04,
    }),
  );
  const asked = times(10, () => ask(id, { estimated_cost_usd: 0.06 }));
  expect(statuses(await Promise.all(steps), 200)).toHaveLength(10);
  const more = statuses(await Promise.all(asked), 201).length;
  expect(await stored(id)).toBe(more);
  expect(await left(id)).toBe(Number((0.6 - more * 0.06).toFixed(6)));
});

type Lease = { id: string; instance: string; cents: number };
type Deed = { is: "reserve" | "spend" | "give back"; instance: number; cents: number };

const deed: fc.Arbitrary<Deed> = fc.record({
  is: fc.constantFrom("reserve", "reserve", "reserve", "spend", "spend", "give back"),
  instance: fc.nat(2),
  cents: fc.integer({ min: 1, max: 25 }),
});

test("whatever comes between whatever, what is spent and held stays below both limits", { timeout: 120_000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.array(deed, { minLength: 1, maxLength: 8 }), { maxLength: 6 }), async (rounds) => {
      const { workflow, id } = await begun({ ...DAILY, budget_limit_usd: 0.6 });
      const ids = [id, await another(workflow), await another(workflow)];
      const leases: Lease[] = [];
      let paths = 1;
      const act = async ({ is, instance, cents }: Deed): Promise<void> => {
        if (is === "reserve") {
          const whose = ids[instance] ?? id;
          const { status, body } = await ask(whose, { estimated_cost_usd: cents / 100 });
          expect([201, 402]).toContain(status);
          if (status !== 201) return;
          const { reservation_id: made } = body as { reservation_id: string }; // as the line above says
          leases.push({ id: made, instance: whose, cents });
          return;
        }
        const lease = leases.splice(cents % Math.max(1, leases.length), 1)[0];
        if (lease === undefined) return;
        if (is === "give back") expect((await drop(lease.instance, lease.id)).status).toBe(204);
        else {
          paths += 1;
          const query = `stagePath=${paths}&instance_id=${lease.instance}&reservation_id=${lease.id}`;
          const cost_usd = Math.min(cents, lease.cents) / 100;
          const step = await at.post(`/dhk/${workflow}?${query}`, { cost_usd });
          // Nothing that was held before it was spent crosses a limit.
          expect(step).toMatchObject({ status: 200, body: { directive: "continue" } });
        }
      };
      for (const round of rounds) {
        await Promise.all(round.map(act));
        const { rows } = await pool().query<{ id: string; spent: number; held: number }>(
          `SELECT i.id, i.cost_micros AS spent, coalesce((SELECT sum(r.cost_micros) FROM cost_reservations r WHERE r.instance_id = i.id), 0)::int8 AS held
             FROM instances i WHERE i.project_id = $1 AND i.workflow_id = $2`,
          [at.world.project.id, workflow],
        );
        for (const row of rows) {
          expect(row.spent + row.held).toBeLessThanOrEqual(600_000);
          const known = leases.filter(({ instance }) => instance === row.id);
          expect(row.held).toBe(known.reduce((sum, { cents }) => sum + cents * 10_000, 0));
        }
        expect(rows.reduce((sum, { spent, held }) => sum + spent + held, 0)).toBeLessThanOrEqual(1_000_000);
      }
    }),
    { numRuns: 8 },
  ),
);
