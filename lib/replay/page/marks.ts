/** Lines that stand beside each other; more would not be told apart. */
const COLUMNS = 600;

/** The outline of thin lines at these places of a span, for an SVG that is 600 wide and 1 high: one line for each column. */
export function marksPath(places: readonly number[], span: number): string {
  const columns = new Set(places.map((place) => Math.round((place / span) * COLUMNS)));
  return [...columns].map((column) => `M${column} 0v1`).join("");
}
