import { invalid } from "@/lib/core/errors";
import { pool } from "@/lib/db/pool";

/** PostgreSQL: `invalid_parameter_value`. */
const UNKNOWN = "22023";

/**
 * Throws `invalid_input` for a time zone that PostgreSQL does not know: it reckons the days of costs, with a list of zones of
 * its own that may be older than that of Node.
 */
export async function requireKnownZone(zone: string): Promise<void> {
  try {
    await pool().query("SELECT now() AT TIME ZONE $1::text", [zone]);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === UNKNOWN)
      throw invalid("time_zone", "is not known to the database, whose list of zones is older");
    throw error;
  }
}
