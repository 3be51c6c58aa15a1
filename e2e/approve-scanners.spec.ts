import { expect, test } from "@playwright/test";
import { type ApprovalMail, askByMail, startMailing, storedOf } from "./approval-mail";

const VISITS = 10_000;
const IN_BROWSER = 200;
const AT_ONCE = 24;

/** Runs `work` so many times, a few at once. */
async function repeat(count: number, atOnce: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, run));
}

test("ten thousand visits of scanners decide nothing", async ({ browser }) => {
  // It takes some 200 seconds of CPU time, on cores that other tests use as well.
  test.setTimeout(900_000);
  // Two processes, because this is about how much a server can be looked at.
  const { stop, ...mailing } = await startMailing({ WORKERS: "2" });
  const own = mailing.server;
  const mails: ApprovalMail[] = [];
  for (let at = 0; at < 4; at += 1) mails.push(await askByMail(mailing));
  const links = mails.flatMap(({ approve, deny }) => [approve, deny]);
  const linkAt = (at: number): string => links[at % links.length] ?? "";
  const seen = { fetched: 0, rendered: 0 };
  const fetching = repeat(VISITS - IN_BROWSER, AT_ONCE, async (at) => {
    const method = at % 2 === 0 ? "HEAD" : "GET";
    // Packing the answer would take as long as making it.
    const headers = { "Accept-Encoding": "identity" };
    const answer = await fetch(own.url + linkAt(at), { method, headers, redirect: "manual" });
    await answer.arrayBuffer();
    if (answer.status === 200) seen.fetched += 1;
  });
  const context = await browser.newContext({ baseURL: own.url });
  const pages = await Promise.all(Array.from({ length: 3 }, () => context.newPage()));
  const rendering = repeat(IN_BROWSER, pages.length, async (at) => {
    const page = pages.shift();
    if (page === undefined) throw new Error("every page is in use");
    const answer = await page.goto(linkAt(at), { waitUntil: "load" });
    if (answer?.status() === 200) seen.rendered += 1;
    pages.push(page);
  });
  await Promise.all([fetching, rendering]);
  await context.close();
  expect(seen).toEqual({ fetched: VISITS - IN_BROWSER, rendered: IN_BROWSER });
  for (const { id } of mails) {
    const { events, ...stored } = await storedOf(own, id);
    expect(stored).toEqual({ status: "pending", by: null, votes: 0 });
    expect(new Set(events)).toEqual(new Set(["viewed by link"]));
    expect(events.length).toBeLessThanOrEqual(100);
  }
  await stop();
});
