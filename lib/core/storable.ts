/** Whether PostgreSQL keeps a text: it takes no NUL, and no half of a surrogate pair. */
export const isStorable = (said: string): boolean => !said.includes("\0") && said.isWellFormed();

/** Whether PostgreSQL keeps a JSON value, with all its texts and names. */
export function isStorableJson(value: unknown): boolean {
  if (typeof value === "string") return isStorable(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, member]) => isStorable(name) && isStorableJson(member));
}
