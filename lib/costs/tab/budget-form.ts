import { learning, NO_BASELINE } from "@/lib/costs/anomaly";
import { BUDGET_ACTIONS, type BudgetAction, type BudgetView, UpdateBudget } from "@/lib/costs/schema";
import type { CostSummary } from "@/lib/costs/view-schema";

/** A sum as a field holds it: nothing is the empty text, and so is a number that is still typed. */
type Amount = number | string;

/** A budget as its form holds it, by the names of the API. */
export type BudgetForm = Omit<BudgetView, AmountField | "cost_anomaly_multiplier"> &
  Record<AmountField | "cost_anomaly_multiplier", Amount>;

const AMOUNT_FIELDS = ["budget_limit_usd", "budget_alert_threshold_usd", "budget_daily_limit_usd"] as const;
type AmountField = (typeof AMOUNT_FIELDS)[number];

/** What each action is called and what it means. */
export const ACTION_WORDS: Readonly<Record<BudgetAction, { label: string; text: string }>> = {
  alert: { label: "Alert", text: "People are told, and the instance goes on." },
  pause: { label: "Pause", text: "The instance takes no further steps until somebody lets it go on." },
  ask: {
    label: "Ask",
    text: "The instance is paused, and people are asked to approve a higher limit; denied, it ends.",
  },
  terminate: { label: "Terminate", text: "The instance ends at once, and cannot go on." },
};

/** The actions in the order of the API, as a choice shows them. */
export const ACTIONS = BUDGET_ACTIONS.map((value) => ({ value, ...ACTION_WORDS[value] }));

/** The form of a budget; what has no limit is blank. */
export function formOf(budget: BudgetView): BudgetForm {
  const amounts = Object.fromEntries(AMOUNT_FIELDS.map((name) => [name, budget[name] ?? ""]));
  return { ...budget, ...(amounts as Record<AmountField, Amount>) }; // each of them is given
}

const sent = (amount: Amount): number | null => (amount === "" ? null : Number(amount));

/** The form in the words of `PUT /api/workflows/{id}/budget`. A multiplier that is blank is none that could be saved. */
export function toBudget(form: BudgetForm): BudgetView {
  return {
    ...form,
    budget_limit_usd: sent(form.budget_limit_usd),
    budget_alert_threshold_usd: sent(form.budget_alert_threshold_usd),
    budget_daily_limit_usd: sent(form.budget_daily_limit_usd),
    cost_anomaly_multiplier: Number(form.cost_anomaly_multiplier),
  };
}

/** What a form changes of what it began with, so that nobody else's change is taken back. */
export function changesOf(form: BudgetForm, initial: BudgetForm): UpdateBudget {
  const before = new Map(Object.entries(toBudget(initial)));
  const changed = Object.entries(toBudget(form)).filter(([name, value]) => before.get(name) !== value);
  return Object.fromEntries(changed);
}

/** Reasons of the API by field, as people read them. */
export function reasonsInWords(reasons: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(reasons).map(([name, reason]) => [name, `This ${reason}.`]));
}

/** What is wrong with a form, by field; empty when it can be sent. The rules are the API's own. */
export function formErrors(form: BudgetForm): Record<string, string> {
  const { error } = UpdateBudget.safeParse(toBudget(form));
  const reasons: Record<string, string> = {};
  for (const { path, message } of error?.issues ?? []) reasons[path.join(".")] ??= message;
  return reasonsInWords(reasons);
}

/** How far it is known what is usual, in a few words. */
export function anomalyWords({
  anomaly_status: status,
  completed_instances: completed,
}: Pick<CostSummary, "anomaly_status" | "completed_instances">): string {
  if (status === "off") return "off";
  const { needed } = learning(NO_BASELINE);
  return status === "learning" ? `learning (${completed} of ${needed})` : `measured by ${completed} instances`;
}
