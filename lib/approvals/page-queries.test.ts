import { beforeEach, expect, test } from "vitest";
import type { Caller } from "@/lib/auth/caller";
import { makeWorld, type World } from "@/lib/testing/world";
import { cancelApproval } from "./commands";
import { getHistory, getInbox, listSoonest } from "./page-queries";
import { requestApproval } from "./request";
import { CreateApproval } from "./schema";
import { ApprovalSearch } from "./search";

let world: World;
let caller: Caller;

beforeEach(async () => {
  world = await makeWorld();
  caller = world.project.caller;
});

const search = (given: object = {}) => ApprovalSearch.parse(given);

/** Asks for an approval that waits for so many seconds; gives its id. */
const ask = async (seconds: number, who = caller): Promise<string> =>
  (await requestApproval(who, CreateApproval.parse({ context: `For ${seconds} s`, timeout_seconds: seconds })))
    .approval_id;
const cancel = (id: string) => cancelApproval(caller, { id, device: { address: "", userAgent: "" } });

test("the inbox begins with what runs out of time first, and shows it in full", async () => {
  const [late, soon] = [await ask(900), await ask(300)];
  const inbox = await getInbox(caller, search());
  expect(inbox.rows.map(({ approval_id: id }) => id)).toEqual([soon, late]);
  expect(inbox.page?.approval.approval_id).toBe(soon);
  const named = await getInbox(caller, search({ approval: late }));
  expect(named.page?.approval.approval_id).toBe(late);
});

test("the selected one is shown also when it waits no more; an unknown or foreign one is not there", async () => {
  const [waits, over] = [await ask(300), await ask(400)];
  await cancel(over);
  expect((await getInbox(caller, search({ approval: over }))).page?.approval.status).toBe("cancelled");
  const theirs = await ask(500, world.foreign.caller);
  const session: Caller = { ...caller, kind: "session" };
  for (const approval of [theirs, "apr_none"])
    expect((await getInbox(session, search({ approval }))).page?.approval.approval_id).toBe(waits);
});

test("an empty inbox knows whether anything was ever asked", async () => {
  expect(await getInbox(caller, search())).toMatchObject({ rows: [], page: null, isFirst: true });
  await cancel(await ask(300));
  expect(await getInbox(caller, search())).toMatchObject({ rows: [], page: null, isFirst: false });
});

test("the history holds what waits no more, with its numbers", async () => {
  await ask(300);
  const over = await ask(400);
  await cancel(over);
  const { page, stats } = await getHistory(caller, search({ tab: "history", days: "7" }));
  expect(page.items.map(({ approval_id: id }) => id)).toEqual([over]);
  expect(stats).toMatchObject({ days: 7, requested: 2, cancelled: 1 });
  expect((await getHistory(caller, search({ q: "nothing" }))).page.items).toEqual([]);
});

test("the five that run out of time first", async () => {
  for (const seconds of [60, 50, 40, 30, 20, 10]) await ask(seconds);
  expect((await listSoonest(caller)).map(({ title }) => title)).toEqual([10, 20, 30, 40, 50].map((s) => `For ${s} s`));
});
