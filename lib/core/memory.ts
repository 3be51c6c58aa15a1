/** Values by their keys, at most so many: the one that was put in first gives way. For what can be found out again. */
export class Memory<V> {
  readonly #max: number;
  readonly #values = new Map<string, V>();

  constructor(max: number) {
    this.#max = max;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    const isFull = this.#values.size >= this.#max && !this.#values.has(key);
    const [oldest] = isFull ? this.#values.keys() : [];
    if (oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    this.#values.delete(key);
  }
}
