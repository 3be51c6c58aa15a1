import { expect, test } from "vitest";
import { z } from "zod";
import { makeWorld } from "@/lib/testing/world";
import { download } from "./download";

/** A file of pieces without end, or one that breaks off, with how many were made and whether it was closed. */
function endless(breaksAt = Number.POSITIVE_INFINITY) {
  const seen = { made: 0, isClosed: false };
  async function* pieces() {
    try {
      for (;;) {
        if (seen.made === breaksAt) throw new Error("the disk is gone");
        seen.made += 1;
        yield `piece ${seen.made}\n`;
      }
    } finally {
      seen.isClosed = true;
    }
  }
  return { seen, pieces: pieces() };
}

async function ask(pieces: AsyncGenerator<string>): Promise<Response> {
  const { key } = await makeWorld();
  const input = { params: z.object({}), query: z.object({}) };
  const get = download({ scope: "read", input, handler: async () => ({ type: "text/plain", name: "x.txt", pieces }) });
  return get(new Request("http://pulsetrail.test/", { headers: { "X-Api-Key": key } }), {
    params: Promise.resolve({}),
  });
}

const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);

test("pieces are made when they are asked for, and no more once nobody listens", async () => {
  const { seen, pieces } = endless();
  const response = await ask(pieces);
  expect([response.status, seen.made]).toEqual([200, 1]);
  const reader = response.body?.getReader();
  expect(text((await reader?.read())?.value)).toBe("piece 1\n");
  expect(text((await reader?.read())?.value)).toBe("piece 2\n");
  expect(seen).toEqual({ made: 2, isClosed: false });
  await reader?.cancel();
  expect(seen).toEqual({ made: 2, isClosed: true });
});

test("what fails before the first piece is a problem, what fails later breaks the body off", async () => {
  const early = await ask(endless(0).pieces);
  expect([early.status, early.headers.get("content-type")]).toEqual([500, "application/problem+json"]);
  expect(early.headers.get("content-disposition")).toBeNull();
  const late = await ask(endless(1).pieces);
  expect(late.status).toBe(200);
  await expect(late.text()).rejects.toThrow();
});
