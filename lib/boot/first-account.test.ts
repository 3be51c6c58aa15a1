import { beforeEach, describe, expect, test, vi } from "vitest";
import { findCaller } from "@/lib/auth/api-keys";
import { verifyPassword } from "@/lib/auth/password";
import { findUser, verifyUser } from "@/lib/auth/users";
import { pool } from "@/lib/db/pool";
import { readEnv } from "@/lib/env";
import { announce, createFirstAccount } from "./first-account";

beforeEach(() => pool().query("TRUNCATE users, projects CASCADE"));

async function counts(): Promise<Record<string, number>> {
  const tables = ["users", "projects", "memberships", "api_keys"];
  const found = await pool().query(
    `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join()}`,
  );
  return found.rows[0];
}

/** How many connections to this database wait for a lock. */
async function waiting(): Promise<number> {
  const found = await pool().query<{ n: number }>(
    "SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return found.rows[0]?.n ?? 0;
}

const ONE_OF_EACH = { users: 1, projects: 1, memberships: 1, api_keys: 1 };

describe("createFirstAccount", () => {
  test("makes a person, a project of theirs and a key for everything", async () => {
    const account = await createFirstAccount(readEnv({}));
    expect(account?.apiKey).toMatch(/^pt_[A-Za-z0-9]{40}$/);
    expect(account?.pingKey).toMatch(/^[A-Za-z0-9]{22}$/);
    expect(account?.password).toMatch(/^[A-Za-z0-9]{20}$/);
    expect(await counts()).toEqual(ONE_OF_EACH);
    const found = await pool().query(
      `SELECT u.email, u.password_hash, m.role, p.id, p.name, p.ping_key, p.webhook_secret, k.prefix
         FROM users u JOIN memberships m ON m.user_id = u.id JOIN projects p ON p.id = m.project_id
         JOIN api_keys k ON k.project_id = p.id`,
    );
    const row = found.rows[0];
    expect(row).toMatchObject({
      email: "admin@localhost",
      role: "owner",
      name: "My project",
      ping_key: account?.pingKey,
    });
    expect(row.webhook_secret).toMatch(/^whsec_/);
    expect(row.prefix).toBe(account?.apiKey.slice(0, 8));
    expect(await verifyPassword(account?.password ?? "", row.password_hash)).toBe(true);
    const caller = await findCaller(account?.apiKey ?? "");
    expect(caller?.projectId).toBe(row.id);
    expect([...(caller?.scopes ?? [])].sort()).toEqual(["admin", "approve", "ping", "read", "write"]);
  });

  test("keeps its password when its address is proven by a link", async () => {
    const account = await createFirstAccount(readEnv({}));
    const before = await findUser(pool(), "admin@localhost");
    if (before !== null) await verifyUser(pool(), before);
    const found = await pool().query<{ password_hash: string }>("SELECT password_hash FROM users");
    expect(await verifyPassword(account?.password ?? "", found.rows[0]?.password_hash ?? "")).toBe(true);
  });

  test("takes what is set", async () => {
    const settings = {
      ADMIN_EMAIL: "ann@example.org",
      ADMIN_PASSWORD: "correct horse",
      ADMIN_API_KEY: "an-api-key-of-my-own-choice",
      ADMIN_PING_KEY: "a-ping-key-of-my-own-choice",
    };
    expect(await createFirstAccount(readEnv(settings))).toEqual({
      email: "ann@example.org",
      password: "correct horse",
      apiKey: "an-api-key-of-my-own-choice",
      pingKey: "a-ping-key-of-my-own-choice",
    });
    expect(await findCaller("an-api-key-of-my-own-choice")).not.toBeNull();
  });

  test("keeps no secret in clear that it need not", async () => {
    const account = await createFirstAccount(readEnv({}));
    const found = await pool().query(
      "SELECT (SELECT users::text FROM users) || (SELECT api_keys::text FROM api_keys) AS stored",
    );
    expect(found.rows[0].stored).not.toContain(account?.password);
    expect(found.rows[0].stored).not.toContain(account?.apiKey);
  });

  test("does nothing when there is a user", async () => {
    await pool().query("INSERT INTO users (email) VALUES ('someone@example.org')");
    expect(await createFirstAccount(readEnv({}))).toBeNull();
    expect(await counts()).toEqual({ users: 1, projects: 0, memberships: 0, api_keys: 0 });
  });

  test("makes one account when several processes start at once", async () => {
    const gate = await pool().connect();
    await gate.query("BEGIN; LOCK TABLE users IN SHARE MODE"); // reads pass, inserts wait
    const made = Promise.all(Array.from({ length: 4 }, () => createFirstAccount(readEnv({}))));
    await vi.waitFor(async () => expect(await waiting()).toBe(4), { timeout: 20_000 });
    await gate.query("COMMIT");
    gate.release();
    expect((await made).filter((account) => account !== null)).toHaveLength(1);
    expect(await counts()).toEqual(ONE_OF_EACH);
  });

  test("leaves nothing behind when a part cannot be stored", async () => {
    const taken = "a-ping-key-that-is-taken";
    await pool().query("INSERT INTO projects (name, ping_key, webhook_secret) VALUES ('x', $1, 'x')", [taken]);
    await expect(createFirstAccount(readEnv({ ADMIN_PING_KEY: taken }))).rejects.toThrow("ping_key");
    expect(await counts()).toEqual({ users: 0, projects: 1, memberships: 0, api_keys: 0 });
  });
});

test("the announcement holds a line ready to paste", () => {
  const account = { email: "a@b.example", password: "pw", apiKey: "pt_key", pingKey: "ping-key" };
  expect(announce(account, "https://x.example")).toContain(
    '\n  curl -fsS -m 10 --retry 5 "https://x.example/ping/ping-key/my-first-job?create=1"\n',
  );
});
