export type Figure = {
  name: string;
  value: number;
  unit: "ms" | "s" | "MB" | "×" | "/s" | "bytes" | "kB" | "µs" | "";
  /** What the value must not exceed (`at most`) or fall below (`at least`); absent for reference workloads. */
  target?: { kind: "at most" | "at least"; value: number };
  /** Why the value is worth nothing, however good it looks. */
  problem?: string;
};

function round(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(2);
}

function verdict({ value, target, problem }: Figure): string {
  if (problem !== undefined) return `FAILED: ${problem}`;
  if (target === undefined) return "";
  const met = target.kind === "at most" ? value <= target.value : value >= target.value;
  return `${target.kind} ${target.value} ${met ? "met" : "MISSED"}`;
}

/** One line for each figure, in columns. */
export function table(figures: Figure[]): string {
  const rows = figures.map((figure) => [figure.name, `${round(figure.value)} ${figure.unit}`, verdict(figure)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Whether every target is met and no figure failed. */
export function allMet(figures: Figure[]): boolean {
  return figures.every((figure) => !/^FAILED|MISSED$/.test(verdict(figure)));
}
