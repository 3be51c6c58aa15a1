/** One step as the instance page draws it; `at` is when it arrived, in epoch milliseconds. */
export type TrackStep = {
  path: string;
  name: string | null;
  agent: string | null;
  at: number;
  isFailed: boolean;
  isFinal: boolean;
};

/**
 * Steps as columns, from step `first` on: a tenth of what they are as objects. `path`, `name` and `agent` point into
 * `texts` (-1: none); `at` is in milliseconds after the step before it, the first one since the epoch; `failed` and
 * `final` are the few steps that are.
 */
export type StepColumns = {
  first: number;
  texts: string[];
  path: number[];
  name: number[];
  agent: number[];
  at: number[];
  failed: number[];
  final: number[];
};

/** Packs steps that follow on each other; `first` is the number of the first of them. */
export function toColumns(first: number, steps: readonly TrackStep[]): StepColumns {
  const texts = new Map<string, number>();
  const place = (text: string | null): number => {
    if (text === null) return -1;
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const numbersOf = (has: (step: TrackStep) => boolean): number[] =>
    steps.flatMap((step, index) => (has(step) ? [first + index] : []));
  return {
    first,
    path: steps.map(({ path }) => place(path)),
    name: steps.map(({ name }) => place(name)),
    agent: steps.map(({ agent }) => place(agent)),
    at: steps.map(({ at }, index) => at - (steps[index - 1]?.at ?? 0)),
    failed: numbersOf(({ isFailed }) => isFailed),
    final: numbersOf(({ isFinal }) => isFinal),
    texts: [...texts.keys()],
  };
}

/** Unpacks what `toColumns` packed. */
export function fromColumns({ first, texts, ...columns }: StepColumns): TrackStep[] {
  const textAt = (place: number | undefined): string | null => texts[place ?? -1] ?? null;
  const [failed, final] = [new Set(columns.failed), new Set(columns.final)];
  let at = 0;
  return columns.path.map((path, index) => {
    at += columns.at[index] ?? 0;
    return {
      path: textAt(path) ?? "",
      name: textAt(columns.name[index]),
      agent: textAt(columns.agent[index]),
      at,
      isFailed: failed.has(first + index),
      isFinal: final.has(first + index),
    };
  });
}
