/** Where a text stops being JSON. */
class Fault extends Error {
  readonly at: number;

  constructor(at: number, words: string) {
    super(words);
    this.at = at;
  }
}

const BLANK = /[ \t\n\r]*/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const TEXT = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** Reads a text as JSON, to say where it is none. */
class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): void {
    this.#value();
    if (this.#peek() !== "") throw new Fault(this.#at, "nothing may follow here");
  }

  /** Goes past what matches here, and says whether anything did. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  /** The next character that is not blank; nothing at the end. */
  #peek(): string {
    this.#skip(BLANK);
    return this.#text.charAt(this.#at);
  }

  #value(): void {
    const next = this.#peek();
    if (next === "{") this.#list("}", () => this.#member());
    else if (next === "[") this.#list("]", () => this.#value());
    else if (next === '"') this.#string();
    else if (!this.#skip(SCALAR)) throw new Fault(this.#at, valueWords(next));
  }

  #list(end: "}" | "]", item: () => void): void {
    this.#at += 1;
    if (this.#peek() === end) {
      this.#at += 1;
      return;
    }
    for (;;) {
      item();
      const next = this.#peek();
      if (next !== end && next !== ",") throw new Fault(this.#at, `a comma or ${end} is missing`);
      this.#at += 1;
      if (next === end) return;
      if (this.#peek() === end) throw new Fault(this.#at, "there is a comma too many before it");
    }
  }

  #member(): void {
    if (this.#peek() !== '"') throw new Fault(this.#at, "a name in double quotes is missing");
    this.#string();
    if (this.#peek() !== ":") throw new Fault(this.#at, "a colon is missing");
    this.#at += 1;
    this.#value();
  }

  #string(): void {
    const from = this.#at;
    this.#skip(TEXT);
    const next = this.#text.charAt(this.#at);
    if (next === "\\") throw new Fault(this.#at, "there is no such escape");
    if (next !== '"') throw new Fault(from, "a text begins that is not closed on its line");
    this.#at += 1;
  }
}

function valueWords(next: string): string {
  if (next === "") return "a value is missing";
  return /[\w'`]/.test(next) ? "texts stand in double quotes" : "a value is missing";
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  return `Line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
}

/** What keeps a text from being JSON, and where, in words: `Line 2, column 5: a comma or } is missing.` Null when it is JSON. */
export function jsonFault(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    try {
      new Reader(text).whole();
    } catch (error) {
      if (error instanceof Fault) return `${placeOf(text, error.at)}: ${error.message}.`;
    }
    return "This is not JSON that can be read.";
  }
}
