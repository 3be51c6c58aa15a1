/** JSON that is text already and goes to the database as it is. */
export class StoredJson {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value as JSON text, null for none. */
export function jsonText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return value instanceof StoredJson ? value.text : JSON.stringify(value);
}
