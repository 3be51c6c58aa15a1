import { afterAll, inject } from "vitest";
import { randomToken } from "@/lib/core/ids";
import { connect } from "@/lib/db/pool";
import { onDatabase, withDatabase } from "./database";

// Every test file has a database of its own: sweeps and deliveries reach all projects, so files would meet otherwise.
const name = `test_${randomToken(12).toLowerCase()}`;
await onDatabase(inject("serverUrl"), `CREATE DATABASE ${name} TEMPLATE ${inject("template")}`);
const pool = connect(withDatabase(inject("serverUrl"), name));

afterAll(async () => {
  await pool.end();
  await onDatabase(inject("serverUrl"), `DROP DATABASE ${name} WITH (FORCE)`);
});
