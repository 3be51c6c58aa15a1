import { describe, expect, inject, test } from "vitest";
import { upToDate } from "@/lib/db/migrate";
import { pool } from "@/lib/db/pool";
import { withDatabase } from "@/lib/testing/database";
import { bringUpToDate, checkReachable } from "./database";

const shared = new URL(inject("serverUrl"));

function changed(part: Partial<Pick<URL, "password" | "pathname" | "host">>): string {
  return Object.assign(new URL(shared), part).href;
}

test("a database that answers is fine, as often as one likes", async () => {
  await checkReachable(shared.href);
  await checkReachable(shared.href);
});

describe("bringUpToDate", () => {
  const { signal } = new AbortController();

  async function own(): Promise<string> {
    const found = await pool().query<{ name: string }>("SELECT current_database() AS name");
    return withDatabase(shared.href, String(found.rows[0]?.name));
  }

  test("makes everything in an empty database, once, however many start together", async () => {
    await pool().query("DROP SCHEMA public CASCADE");
    await pool().query("CREATE SCHEMA public");
    const url = await own();
    await Promise.all([bringUpToDate(url, signal), bringUpToDate(url, signal)]);
    expect(await upToDate(url)).toBe(true);
    expect((await pool().query("SELECT * FROM users")).rowCount).toBe(0);
  });

  test("tells in one sentence what it stumbles over", async () => {
    // One that makes a column, which cannot be made twice.
    const name = "20261121093000_resolved_runs_and_outages";
    await pool().query("DELETE FROM _prisma_migrations WHERE migration_name = $1", [name]);
    const failed = bringUpToDate(await own(), signal);
    await expect(failed).rejects.toThrow(
      new RegExp(`^The database could not be migrated: .* already exists .*\\(in ${name}\\)\\.$`),
    );
  });

  test("tells in one sentence that there is no such database", async () => {
    const failed = bringUpToDate(changed({ pathname: "/no_such" }), signal);
    await expect(failed).rejects.toThrow('The database could not be migrated: database "no_such" does not exist.');
  });
});

test.each([
  [
    { host: "127.0.0.1:1" },
    "The database at 127.0.0.1:1 cannot be reached (ECONNREFUSED): start it or fix DATABASE_URL.",
  ],
  [
    { host: "nowhere.invalid:5432" },
    /^The database at nowhere\.invalid:5432 cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/,
  ],
  [{ password: "hush-hush" }, /refuses us \(password authentication failed for user "postgres"\): fix DATABASE_URL\.$/],
  [{ pathname: "/no_such" }, /refuses us \(database "no_such" does not exist\): fix DATABASE_URL\.$/],
])("%o is told in one sentence without the password", async (part, sentence) => {
  const error: unknown = await checkReachable(changed(part)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Error);
  expect(String(error).replace("Error: ", "")).toMatch(sentence);
  expect(String(error)).not.toContain(shared.password);
  expect(String(error)).not.toContain("hush-hush");
});
