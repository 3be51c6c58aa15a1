import { type Budget, NO_BUDGET } from "./budget";

/** What is stored of a budget; null is stored where nobody has set one. Only `updateBudget` writes it. */
export const readBudget = (stored: unknown): Budget => ({ ...NO_BUDGET, ...(stored as Partial<Budget> | null) }); // as it was written
