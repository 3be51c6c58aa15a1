/** Numbers with dots between them (public contract §5). */
const PATH = /^[0-9]+(\.[0-9]+)*$/;
const MAX_LENGTH = 100;
const MAX_LEVELS = 20;
const MAX_DIGITS = 9;

/**
 * The canonical form of a stage path such as `2.1`: without leading zeros. Null for what is no path, for one of more than
 * 20 levels or 100 characters, and for numbers of more than nine digits.
 */
export function parsePath(text: string): string | null {
  if (text.length > MAX_LENGTH || !PATH.test(text)) return null;
  // Nearly all are a single digit.
  if (text.length === 1) return text;
  const levels = text.split(".").map((level) => level.replace(/^0+(?=.)/, ""));
  return levels.length > MAX_LEVELS || levels.some((level) => level.length > MAX_DIGITS) ? null : levels.join(".");
}

/** The first number of a canonical path, such as 2 of `2.1`. */
export function firstNumber(path: string): number {
  const at = path.indexOf(".");
  return Number(at < 0 ? path : path.slice(0, at));
}

/** Orders canonical paths as a person counts: 1, 2, 2.1, 2.10, 3. */
export function comparePaths(a: string, b: string): number {
  const [left, right] = [a.split("."), b.split(".")];
  for (let level = 0; level < Math.min(left.length, right.length); level += 1) {
    const difference = Number(left[level]) - Number(right[level]);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** How deep a path lies: 0 for `2`, 1 for `2.1`. */
export function depthOf(path: string): number {
  return path.split(".").length - 1;
}

/** A stage as the API tells it: the number of a declared one, the path of any other. What is neither stays as it is. */
export function stageOf(kind: "static" | "dynamic", path: string): number | string {
  return kind === "static" && /^[0-9]+$/.test(path) ? Number(path) : path;
}
