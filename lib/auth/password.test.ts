import { scryptSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashPassword, verifyPassword } from "./password";

describe("password hashes", () => {
  test("say how they were made, and differ each time", async () => {
    const [one, other] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
    expect(one).toMatch(/^scrypt\$17\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
    expect(one).not.toBe(other);
    const [, , , , salt, hash] = one.split("$");
    const options = { N: 131_072, r: 8, p: 1, maxmem: 2 ** 28 };
    expect(scryptSync("secret", Buffer.from(salt ?? "", "base64url"), 32, options).toString("base64url")).toBe(hash);
  });

  test("fit their password and no other", async () => {
    const stored = await hashPassword("correct horse");
    expect(await verifyPassword("correct horse", stored)).toBe(true);
    expect(await verifyPassword("correct horsf", stored)).toBe(false);
    expect(await verifyPassword("", stored)).toBe(false);
  });

  test("an older, cheaper hash still fits", async () => {
    const salt = Buffer.alloc(16, 1);
    const hash = scryptSync("secret", salt, 32, { N: 1024, r: 8, p: 1 });
    const stored = `scrypt$10$8$1$${salt.toString("base64url")}$${hash.toString("base64url")}`;
    expect(await verifyPassword("secret", stored)).toBe(true);
  });

  test("a letter composed or decomposed is the same letter", async () => {
    expect(await verifyPassword("cafe\u0301-au-lait", await hashPassword("caf\u00e9-au-lait"))).toBe(true);
  });

  test.each([
    "",
    "secret",
    "$2b$12$abc",
    "scrypt$17$8$1$$",
    "scrypt$30$8$1$AAAAAAAAAAAAAAAAAAAAAA$AAAA",
    "scrypt$17$8$1",
  ])("%j fits nothing", async (stored) => {
    expect(await verifyPassword("secret", stored)).toBe(false);
    expect(await verifyPassword("", stored)).toBe(false);
  });
});
