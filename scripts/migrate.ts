import { startEmbedded } from "@/lib/db/embedded";
import { migrate } from "@/lib/db/migrate";
import { env } from "@/lib/env";

// npm run db:migrate: brings DATABASE_URL, else the embedded database in DATA_DIR, to the committed schema.
const { DATABASE_URL, DATA_DIR } = env();
const embedded = DATABASE_URL === undefined ? await startEmbedded(DATA_DIR) : null;
try {
  const applied = await migrate(DATABASE_URL ?? embedded?.url ?? "");
  for (const name of applied) process.stdout.write(`applied ${name}\n`);
  if (applied.length === 0) process.stdout.write("The database is up to date.\n");
} finally {
  await embedded?.stop();
}
process.exit(0); // the engine leaves a timer behind that would run for ten seconds
