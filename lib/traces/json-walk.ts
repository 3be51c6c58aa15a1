import { BadBody } from "./span";

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Walks over JSON without making values of it, so that a large request costs no memory but its own bytes. What lies in
 * lists and objects that are stepped over is only looked at as far as brackets and quotes go.
 */
export class JsonWalk {
  readonly #bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    // A mark of the byte order, as some write it.
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /** Calls `visit` at the value of each member, which must step over it. False when there is another value than an object. */
  members(visit: (name: string) => void): boolean {
    if (this.#space() !== OPEN_OBJECT) return false;
    this.at += 1;
    if (this.#ends(CLOSE_OBJECT)) return true;
    do {
      if (this.#space() !== QUOTE) throw broken();
      const start = this.at;
      this.#skipText();
      const name = this.#bytes.toString("utf8", start + 1, this.at - 1);
      if (this.#space() !== COLON) throw broken();
      this.at += 1;
      this.#space();
      visit(name);
    } while (this.#goesOn(CLOSE_OBJECT));
    return true;
  }

  /** Calls `visit` at each element, which must step over it. False when there is another value than a list. */
  elements(visit: () => void): boolean {
    if (this.#space() !== OPEN_LIST) return false;
    this.at += 1;
    if (this.#ends(CLOSE_LIST)) return true;
    do {
      this.#space();
      visit();
    } while (this.#goesOn(CLOSE_LIST));
    return true;
  }

  /** Steps over a value. */
  skip(): void {
    const first = this.#space();
    if (first === QUOTE) this.#skipText();
    else if (first === OPEN_OBJECT || first === OPEN_LIST) this.#skipNested();
    else this.#skipWord();
  }

  /** Throws unless nothing but space is left. */
  end(): void {
    this.#space();
    if (this.at < this.#bytes.length) throw broken();
  }

  #skipWord(): void {
    const start = this.at;
    while (this.at < this.#bytes.length && !ENDS[this.#bytes[this.at] ?? 0]) this.at += 1;
    if (this.at === start) throw broken();
  }

  #skipText(): void {
    const bytes = this.#bytes;
    let at = this.at + 1;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) throw broken();
      at += byte === BACKSLASH ? 2 : 1;
    }
    this.at = at + 1;
  }

  #skipNested(): void {
    let depth = 0;
    do {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw broken();
      if (byte === QUOTE) this.#skipText();
      else {
        depth += STEP[byte] ?? 0;
        this.at += 1;
      }
    } while (depth > 0);
  }

  /** Steps over space and gives the byte after it. */
  #space(): number | undefined {
    let byte = this.#bytes[this.at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
      this.at += 1;
      byte = this.#bytes[this.at];
    }
    return byte;
  }

  #ends(mark: number): boolean {
    if (this.#space() !== mark) return false;
    this.at += 1;
    return true;
  }

  /** Whether another one follows. */
  #goesOn(mark: number): boolean {
    if (this.#ends(mark)) return false;
    if (this.#space() !== COMMA) throw broken();
    this.at += 1;
    return true;
  }
}

const broken = (): BadBody => new BadBody("The body is not valid JSON.");

/** What ends a number or a word, and what brackets do to the depth, by byte. */
const ENDS = new Uint8Array(256);
for (const mark of [COMMA, CLOSE_LIST, CLOSE_OBJECT, 0x20, 0x0a, 0x0d, 0x09]) ENDS[mark] = 1;
const STEP = new Int8Array(256);
for (const mark of [OPEN_LIST, OPEN_OBJECT]) STEP[mark] = 1;
for (const mark of [CLOSE_LIST, CLOSE_OBJECT]) STEP[mark] = -1;
