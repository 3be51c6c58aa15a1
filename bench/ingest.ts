import { batches } from "./batches";
import { burst } from "./burst";
import { bytesPerPing } from "./databases";
import { firstTouch } from "./first-touch";
import { hostile } from "./hostile";
import { comparedWith, GROUPS, ingestFigures } from "./ingest-figures";
import { type Measured, measure } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import { WORKLOADS, type WorkloadName } from "./workloads";
import type { World } from "./world";

/** Scenarios that are not a rate measured in rounds. */
const OTHERS = { burst, hostile, batches, "first-touch": firstTouch };

export const INGEST_SCENARIOS = [...Object.keys(WORKLOADS), ...Object.keys(OTHERS), ...GROUPS.keys()];

const isWorkload = (name: string): name is WorkloadName => Object.hasOwn(WORKLOADS, name);

function wantedWorkloads(only: string | null): WorkloadName[] {
  const all = Object.keys(WORKLOADS).filter(isWorkload);
  if (only === null) return all;
  const asked = GROUPS.get(only) ?? [only].filter(isWorkload);
  const wanted = asked.flatMap(comparedWith);
  return all.filter((name) => wanted.includes(name));
}

async function ofWorld(world: World, measured: Measured): Promise<Figure[]> {
  const figures: Figure[] = [];
  const name = "app resident memory under load, at most";
  const target = { kind: "at most", value: 350 } as const;
  const value = measured.most(({ residentMb }) => residentMb);
  if (value > 0) figures.push({ name, value, unit: "MB", target });
  if (world.has("stored")) {
    const { heap, index } = await bytesPerPing(await world.stored());
    figures.push({ name: "a stored ping in the table", value: heap, unit: "bytes" });
    figures.push({ name: "a stored ping in its index", value: index, unit: "bytes" });
  }
  figures.push({
    name: "workloads with lost, doubled or miscounted signals",
    value: measured.problems.size,
    unit: "",
    target: { kind: "at most", value: 0 },
  });
  return figures;
}

/** Everything about taking signals. */
export async function ingest(
  world: World,
  options: Options,
): Promise<{ figures: Figure[]; rounds: ReturnType<Measured["rounds"]> }> {
  const { only } = options;
  const measured = await measure(world, wantedWorkloads(only), options);
  const figures = ingestFigures(measured);
  for (const [name, scenario] of Object.entries(OTHERS)) {
    if (only === null || only === name) figures.push(...(await scenario(world, options)));
  }
  if (figures.length > 0) figures.push(...(await ofWorld(world, measured)));
  return { figures, rounds: measured.rounds() };
}
