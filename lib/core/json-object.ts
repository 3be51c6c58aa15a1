/** What a JSON object is read to. */
export type JsonObject = Record<string, unknown>;

/** Whether a value is a JSON object: no list, and not null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
