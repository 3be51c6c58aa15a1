import { afterAll, inject } from "vitest";
import { connect } from "@/lib/db/pool";

const pool = connect(inject("databaseUrl"));

afterAll(() => pool.end());
