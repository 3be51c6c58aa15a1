/** One place of two aligned sequences: where it is in each, null where it is missing. */
export type Pair = { a: number | null; b: number | null };

/** The table of the comparison may have so many cells, a byte each. */
const MAX_CELLS = 30_000_000;

const [MATCH, SKIP_A, SKIP_B] = [1, 2, 3];

function commonStart(a: readonly string[], b: readonly string[]): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length += 1;
  return length;
}

/** Keys as numbers, which compare faster than texts. */
function numbered(...sequences: (readonly string[])[]): Uint32Array[] {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  return sequences.map((keys) => Uint32Array.from(keys, numberOf));
}

/** Of one row of the table: how many match from each place on, and what to do there, which goes into `moves`. */
function row(key: number | undefined, b: Uint32Array, { below, moves }: { below: Uint16Array; moves: Uint8Array }) {
  const lengths = new Uint16Array(b.length + 1);
  for (let j = b.length - 1; j >= 0; j -= 1) {
    const [down = 0, right = 0, across = 0] = [below[j], lengths[j + 1], below[j + 1]];
    if (key === b[j]) {
      lengths[j] = across + 1;
      moves[j] = MATCH;
    } else {
      lengths[j] = Math.max(down, right);
      moves[j] = down >= right ? SKIP_A : SKIP_B;
    }
  }
  return lengths;
}

/** What to do at each pair of places so that as many as possible match. */
function table(a: Uint32Array, b: Uint32Array): Uint8Array {
  const moves = new Uint8Array(a.length * b.length);
  let below = new Uint16Array(b.length + 1);
  for (let i = a.length - 1; i >= 0; i -= 1)
    below = row(a[i], b, { below, moves: moves.subarray(i * b.length, (i + 1) * b.length) });
  return moves;
}

/** The places of both from these on, of which nothing matches any more. */
function rest(a: Uint32Array, b: Uint32Array, from: { i: number; j: number }): Pair[] {
  return [
    ...Array.from(a.subarray(from.i), (_, at) => ({ a: from.i + at, b: null })),
    ...Array.from(b.subarray(from.j), (_, at) => ({ a: null, b: from.j + at })),
  ];
}

function walk(a: Uint32Array, b: Uint32Array): Pair[] {
  const moves = table(a, b);
  const pairs: Pair[] = [];
  const at = { i: 0, j: 0 };
  while (at.i < a.length && at.j < b.length) {
    const move = moves[at.i * b.length + at.j];
    pairs.push({ a: move === SKIP_B ? null : at.i, b: move === SKIP_A ? null : at.j });
    at.i += move === SKIP_B ? 0 : 1;
    at.j += move === SKIP_A ? 0 : 1;
  }
  return [...pairs, ...rest(a, b, at)];
}

/** Where each key comes in a sequence, as a function that finds the next place of one from some place on; places only grow. */
function nextPlaces(keys: Uint32Array): (key: number, from: number) => number {
  const places = new Map<number, number[]>();
  keys.forEach((key, at) => {
    const known = places.get(key);
    if (known === undefined) places.set(key, [at]);
    else known.push(at);
  });
  const seen = new Map<number, number>();
  return (key, from) => {
    const own = places.get(key) ?? [];
    let index = seen.get(key) ?? 0;
    while ((own[index] ?? Number.POSITIVE_INFINITY) < from) index += 1;
    seen.set(key, index);
    return own[index] ?? -1;
  };
}

/** The same in one pass for what is too long: what matches is in order, but may not be as much as possible. */
function glance(a: Uint32Array, b: Uint32Array): Pair[] {
  const pairs: Pair[] = [];
  const next = nextPlaces(b);
  const at = { i: 0, j: 0 };
  for (; at.i < a.length; at.i += 1) {
    const found = next(a[at.i] ?? 0, at.j);
    // Not so far ahead that more would be passed over than is left.
    if (found < 0 || found - at.j > a.length - at.i) {
      pairs.push({ a: at.i, b: null });
      continue;
    }
    for (; at.j < found; at.j += 1) pairs.push({ a: null, b: at.j });
    pairs.push({ a: at.i, b: at.j });
    at.j += 1;
  }
  return [...pairs, ...rest(a, b, at)];
}

/**
 * Aligns two sequences by their longest common subsequence. Every place of each is in exactly one pair, in its order. What is
 * longer than some 5,000 differing places each is aligned less well, in one pass.
 */
export function align(a: readonly string[], b: readonly string[]): Pair[] {
  const start = commonStart(a, b);
  const [restA = new Uint32Array(), restB = new Uint32Array()] = numbered(a.slice(start), b.slice(start));
  const differing = restA.length * restB.length > MAX_CELLS ? glance(restA, restB) : walk(restA, restB);
  const shifted = (at: number | null): number | null => (at === null ? null : at + start);
  return [
    ...Array.from({ length: start }, (_, at) => ({ a: at, b: at })),
    ...differing.map((pair) => ({ a: shifted(pair.a), b: shifted(pair.b) })),
  ];
}
