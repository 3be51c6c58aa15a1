import { runLoad } from "./children";
import { written } from "./databases";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

/**
 * What a ping writes to the log when it is the first to touch its pages since a checkpoint, which logs them whole: the
 * normal case when a check is pinged less often than checkpoints are made.
 */
export async function firstTouch(world: World, { storedPings, only }: Options): Promise<Figure[]> {
  if (storedPings < 1_000_000 && only !== "first-touch") return [];
  const database = await world.stored();
  const { port } = await world.storedDoor();
  const checks = await database.pool.query<{ id: string }>("SELECT id FROM checks ORDER BY md5(id::text)");
  const scripts = checks.rows.map(({ id }) => [{ target: `/ping/${id}` }]);
  await database.pool.query("CHECKPOINT");
  const before = await written(database);
  const until = { count: scripts.length, withinSeconds: scripts.length / 5000 };
  const { ok } = await runLoad({ port, connections: 64, scripts, until, warmUpMs: 0 });
  const after = await written(database);
  return [
    {
      name: "log written for the first ping of a check after a checkpoint",
      value: (after.walBytes - before.walBytes) / ok,
      unit: "bytes",
    },
  ];
}
