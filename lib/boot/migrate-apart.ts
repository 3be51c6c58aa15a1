import { migrate } from "@/lib/db/migrate";
import { env } from "@/lib/env";

// A program of its own: brings DATABASE_URL to the committed schema, or says on standard error why it cannot.
try {
  await migrate(env().DATABASE_URL ?? "");
  process.exit(0); // the engine leaves a timer behind that would run for ten seconds
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
