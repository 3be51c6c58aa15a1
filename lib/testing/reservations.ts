import { pool } from "@/lib/db/pool";
import type { Handler } from "@/lib/http/route";
import { type Answered, call } from "./http";
import type { stages } from "./stages";

type Routes = { reserve: Handler; list: Handler; giveBack: Handler; setBudget: Handler };
type Asked = { key?: string; headers?: Record<string, string> };

/** A budget of one dollar for each instance. */
export const LIMITED = { budget_enabled: true, budget_limit_usd: 1, budget_action: "pause" };
/** One of a dollar for all instances of a day. */
export const DAILY = { budget_enabled: true, budget_daily_limit_usd: 1, budget_action: "pause" };

/** What tests of reservations ask for. The routes are those of the app, which tests name. */
export function reserving(at: ReturnType<typeof stages>, routes: Routes) {
  const ask = (id: string, body: unknown = { estimated_cost_usd: 0.3 }, { key, headers = {} }: Asked = {}) =>
    call(routes.reserve, { method: "POST", key: key ?? at.world.key, headers, params: { id }, body });
  const setBudget = (workflow: string, body: object): Promise<Answered> =>
    call(routes.setBudget, { method: "PUT", key: at.world.key, params: { id: workflow }, body });
  return {
    ask,
    setBudget,
    shown: (id: string, query = "", key = at.world.key) =>
      call(routes.list, { path: `/${query}`, key, params: { id } }),
    giveBack: (id: string, reservation: string, key = at.world.key) =>
      call(routes.giveBack, { method: "DELETE", key, params: { id, reservation } }),

    /** Holds so many dollars and gives the id of the reservation. */
    async granted(id: string, usd: number): Promise<string> {
      const { status, body, text } = await ask(id, { estimated_cost_usd: usd });
      if (status !== 201) throw new Error(text);
      return (body as { reservation_id: string }).reservation_id; // of the contract
    },

    /** A workflow with a budget, and an instance of it that has cost so much. */
    async begun(limits: object = LIMITED, cost = 0): Promise<{ workflow: string; id: string }> {
      const made = await at.report([["1", { cost_usd: cost }]]);
      const { status, text } = await setBudget(made.workflow, limits);
      if (status !== 200) throw new Error(text);
      return made;
    },

    /** Another instance of a workflow. */
    async another(workflow: string): Promise<string> {
      return String((await at.post(`/dhk/${workflow}?stagePath=1&start=yes`, {})).body["instance_id"]);
    },

    /** Lets the leases of an instance be over. */
    async expire(id: string): Promise<void> {
      const over = "UPDATE cost_reservations SET expires_at = now() - interval '1 second' WHERE instance_id = $1";
      await pool().query(over, [id]);
    },

    /** How many reservations of an instance are stored, over or not. */
    async stored(id: string): Promise<number> {
      return (await pool().query("SELECT FROM cost_reservations WHERE instance_id = $1", [id])).rowCount ?? 0;
    },

    /** What could be held still, in dollars: whoever is refused is told how much is spent and held. */
    async left(id: string): Promise<number> {
      const { body, text } = await ask(id, { estimated_cost_usd: 1_000_000 });
      const { limit_usd: limit, spent_usd: spent, reserved_usd: held } = body as Record<string, number>; // of the contract
      if (limit === undefined || spent === undefined || held === undefined) throw new Error(text);
      return Number((limit - spent - held).toFixed(6));
    },
  };
}
