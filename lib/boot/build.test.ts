import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { generatedIsCurrent, sourceHash } from "./build";

const root = mkdtempSync(join(tmpdir(), "pulsetrail-build-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(file: string, content = ""): void {
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(join(root, file), content);
}

describe("sourceHash", () => {
  beforeEach(() => {
    write("app/page.tsx", "one");
    write("lib/core/time.ts", "two");
    write("package-lock.json", "{}");
  });

  test("stays when a file is only touched, or is no part of the build", () => {
    const before = sourceHash(root);
    utimesSync(join(root, "app/page.tsx"), 1, 1);
    write("lib/core/time.test.ts", "test");
    write("lib/boot/start.ts", "apart");
    write("lib/db/generated/client.ts", "generated");
    write("README.md", "words");
    expect(sourceHash(root)).toBe(before);
  });

  test.each([
    "app/page.tsx",
    "app/new/page.tsx",
    "components/x.tsx",
    "public/logo.svg",
    "next.config.ts",
    "proxy.ts",
    "instrumentation-client.ts",
  ])("changes with %s", (file) => {
    const before = sourceHash(root);
    write(file, "changed");
    expect(sourceHash(root)).not.toBe(before);
    rmSync(join(root, file));
  });

  test("changes when a file is renamed or a line moves from one to the next", () => {
    const before = sourceHash(root);
    write("app/page.tsx", "on");
    write("lib/core/time.ts", "etwo");
    const moved = sourceHash(root);
    write("app/page.tsx", "one");
    write("lib/core/time.ts", "two");
    cpSync(join(root, "app/page.tsx"), join(root, "app/pages.tsx"));
    rmSync(join(root, "app/page.tsx"));
    expect(new Set([before, moved, sourceHash(root)]).size).toBe(3);
    rmSync(join(root, "app/pages.tsx"));
  });
});

describe("generatedIsCurrent", () => {
  test("this checkout's client fits its schema", () => {
    expect(generatedIsCurrent()).toBe(true);
  });

  test("a missing client, a changed schema and a new schema file are noticed; formatting is not", () => {
    expect(generatedIsCurrent(root)).toBe(false);
    cpSync("prisma/schema", join(root, "prisma/schema"), { recursive: true });
    cpSync("lib/db/generated", join(root, "lib/db/generated"), { recursive: true });
    expect(generatedIsCurrent(root)).toBe(true);
    write("prisma/schema/more.prisma", "model More {\n  id Int @id\n}\n");
    expect(generatedIsCurrent(root)).toBe(false);
    rmSync(join(root, "prisma/schema/more.prisma"));
    expect(generatedIsCurrent(root)).toBe(true);
  });
});
