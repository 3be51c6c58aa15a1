/** What an instance has cost by itself, without steps that were copied into it, in micro-dollars. */
export const ownCost = ({ costMicros, copiedCostMicros }: { costMicros: number; copiedCostMicros: number }): number =>
  costMicros - copiedCostMicros;
