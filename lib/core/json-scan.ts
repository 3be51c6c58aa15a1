const [QUOTE, COMMA, COLON] = [0x22, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];

/** What is no text, list or object; and of a text what comes before its end or up to the next escape, with that. */
const WORD = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const PART = /[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))?/y;
const LONG_EXPONENT = /e[+-]?\d{5}/i;
const MIN_LENGTH = "1e10000".length;

class JsonScan {
  readonly #text: string;
  #at = 0;
  hasLongExponent = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether all of it is one list or object, in which no more than so many levels of them lie in each other. */
  isNested(levels: number): boolean {
    const mark = this.#next();
    return (mark === OPEN_LIST || mark === OPEN_OBJECT) && this.#value(levels) && Number.isNaN(this.#next());
  }

  /** Steps over space; gives the character after it, NaN at the end. */
  #next(): number {
    const text = this.#text;
    let mark = text.charCodeAt(this.#at);
    while (mark === SPACE || mark === LINE_FEED || mark === CARRIAGE_RETURN || mark === TAB) {
      this.#at += 1;
      mark = text.charCodeAt(this.#at);
    }
    return mark;
  }

  /** Steps over a character after space if it is this one. */
  #takes(mark: number): boolean {
    const isNext = this.#next() === mark;
    if (isNext) this.#at += 1;
    return isNext;
  }

  #value(levels: number): boolean {
    const mark = this.#next();
    if (mark === QUOTE) return this.#string();
    if (mark === OPEN_OBJECT) return levels > 0 && this.#object(levels - 1);
    if (mark === OPEN_LIST) return levels > 0 && this.#list(levels - 1);
    return this.#word();
  }

  #object(levels: number): boolean {
    this.#at += 1;
    if (this.#takes(CLOSE_OBJECT)) return true;
    do {
      if (this.#next() !== QUOTE || !this.#string() || !this.#takes(COLON) || !this.#value(levels)) return false;
    } while (this.#takes(COMMA));
    return this.#takes(CLOSE_OBJECT);
  }

  #list(levels: number): boolean {
    this.#at += 1;
    if (this.#takes(CLOSE_LIST)) return true;
    do {
      if (!this.#value(levels)) return false;
    } while (this.#takes(COMMA));
    return this.#takes(CLOSE_LIST);
  }

  #string(): boolean {
    let begin = this.#at;
    let at = begin + 1;
    while (at > begin && this.#text.charCodeAt(at) !== QUOTE) {
      begin = at;
      PART.lastIndex = at;
      PART.test(this.#text);
      at = PART.lastIndex;
    }
    this.#at = at + 1;
    return at > begin;
  }

  #word(): boolean {
    const begin = this.#at;
    WORD.lastIndex = begin;
    if (!WORD.test(this.#text)) return false;
    this.#at = WORD.lastIndex;
    const isLong = this.#at - begin >= MIN_LENGTH && LONG_EXPONENT.test(this.#text.slice(begin, this.#at));
    this.hasLongExponent ||= isLong;
    return true;
  }
}

/**
 * What a text is: a list or an object as JSON, `odd` when one of its numbers has an exponent of five digits or more, which
 * not everything takes that takes JSON; or `none` of this, also when they lie in each other more deeply than `levels`. Makes
 * no values of it, which spares half of the parser's time and all of its memory.
 */
export function scanJson(text: string, levels: number): "json" | "odd" | "none" {
  const scan = new JsonScan(text);
  if (!scan.isNested(levels)) return "none";
  return scan.hasLongExponent ? "odd" : "json";
}
