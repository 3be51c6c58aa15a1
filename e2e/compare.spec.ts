import { expect, type Page } from "@playwright/test";
import { test } from "./fixtures";
import { look } from "./look";
import { type OwnProject, ownProject } from "./own-project";
import type { Server } from "./server";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.describe.configure({ timeout: 150_000 });

const WORKFLOW = "answers";
const STEPS = [
  { path: "1", name: "Ask", payload: { question: "What is dear?", hints: ["a", "b"] }, cost: 0.01 },
  { path: "2", name: "Search", payload: { terms: "prices", depth: 2 }, cost: 0.02 },
  { path: "3", name: "Answer", payload: { text: "Everything." }, cost: 0.04 },
];

type Reported = { path: string; name: string; payload: object; cost: number };
type Place = { key: string; query?: string };

const bodyOf = ({ payload, cost }: Pick<Reported, "payload" | "cost">): string =>
  JSON.stringify({ payload, cost_usd: cost, agent: "worker", usage: { input_tokens: 100, output_tokens: 20 } });

/** Reports a stage as a shell script would, and gives the id of its instance. */
async function report({ url }: Server, { path, name, payload, cost }: Reported, { key, query = "" }: Place) {
  const answer = await fetch(`${url}/dhk/${WORKFLOW}?stagePath=${path}&stagename=${name}${query}`, {
    method: "POST",
    headers: { "X-Api-Key": key, "Content-Type": "application/json" },
    body: bodyOf({ payload, cost }),
  });
  expect(answer.status).toBe(200);
  return String((await answer.json()).instance_id);
}

type Filled = { project: OwnProject; key: string; id: string };

/** A project of one's own with one instance that has run to its end. */
async function fill(page: Page, server: Server): Promise<Filled> {
  const project = await ownProject(page);
  const { ping_key: pingKey } = await project.ask("GET", `/api/projects/${project.id}`);
  const key = String(pingKey);
  let id = "";
  for (const [at, step] of STEPS.entries()) {
    const query = at === 0 ? "&start=yes" : at === STEPS.length - 1 ? "&final=yes" : "";
    id = await report(server, step, { key, query });
  }
  return { project, key, id };
}

const dialog = (page: Page) => page.getByRole("dialog");
const rows = (page: Page) => page.getByRole("listbox", { name: "Compared steps" }).getByRole("option");
const chosen = (page: Page) => page.getByRole("region", { name: "Chosen step" });

test("a run is forked with another payload, continued, and compared with its origin", async ({ page, server }) => {
  const { project, key, id } = await fill(page, server);
  await page.goto(`${project.home}/instances/${id}/replay`);
  await page.keyboard.press("]");
  await expect(chosen(page)).toContainText("Step 1: stage 2 (Search)");
  await chosen(page).getByRole("button", { name: "Fork from here" }).click();
  await expect(dialog(page).getByTestId("carried")).toContainText("2 steps are copied, which had cost $0.03.");
  const changes = dialog(page).getByLabel("Changes of stage 2");

  // What is no JSON, or no object, is refused in words.
  await changes.fill('{"depth": 5\n "terms": 1}');
  await expect(dialog(page)).toContainText("Line 2, column 2: a comma or } is missing.");
  await expect(dialog(page).getByRole("button", { name: "Fork", exact: true })).toBeDisabled();
  await changes.fill("[1]");
  await expect(dialog(page)).toContainText("Write an object in { }");
  await changes.fill('{"depth": 5, "terms": null, "strict": true}');
  const then = dialog(page).getByRole("region", { name: "Payload of stage 2 then" });
  await expect(then).toContainText('"depth": 5');
  await expect(then).not.toContainText("terms");
  await dialog(page).getByRole("combobox", { name: "Change the payload of another stage" }).click();
  await page.getByRole("option", { name: "3", exact: true }).click();
  await dialog(page).getByLabel("Changes of stage 3").fill('{"tone": "kind"}');
  await expect(dialog(page)).toContainText("Still to come: changed when it is reported.");
  await dialog(page).getByLabel("Reason").fill("Dig deeper");
  await look(page, "fork-dialog");
  await dialog(page).getByRole("button", { name: "Fork", exact: true }).click();

  await expect(page.getByTestId("origin")).toContainText("Forked from #1 at stage 2 by admin@localhost: Dig deeper");
  const fork = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  const command = page.getByRole("region", { name: "command of the first signal" });
  await expect(command).toContainText(`/dhk/${WORKFLOW}?stagePath=3&instance_id=${fork}&key=`);
  await expect(page.getByRole("region", { name: "Changes to payloads of stages to come" })).toContainText("kind");
  await expect(page.getByRole("list", { name: "Lineage" })).toContainText("#2, this one");
  await expect(page.getByRole("list", { name: "Replay sessions" })).toContainText("forked #1 at stage 2: #2");
  await look(page, "instance-forked");

  // As the command would, with what there is to say; not every machine has curl.
  const shown = (await command.textContent()) ?? "";
  const [, url = ""] = /curl -fsS "([^"]+)"/.exec(shown) ?? [];
  const body = bodyOf({ payload: { text: "Bread." }, cost: 0.08 });
  const address = `${url.replace("$PULSETRAIL_KEY", key)}&stagename=Answer&final=yes`;
  const headers = { "Content-Type": "application/json" };
  expect((await fetch(address, { method: "POST", headers, body })).status).toBe(200);
  await expect(page.getByText("The first signal has arrived.")).toBeVisible();

  await page.getByRole("link", { name: "Compare with #1" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("#1 beside #2");
  await expect(page.getByTestId("sentence")).toHaveText(
    "They are the same up to step 1 (stage 2); there the input differs.",
  );
  await expect(page.getByRole("row", { name: /^Cost/ })).toHaveText("Cost$0.07$0.11+$0.04");
  await expect(page.getByRole("row", { name: /^Steps/ })).toHaveText("Steps33±0");
  await expect(rows(page)).toHaveText([/^01 Ask.*same01 Ask/, /^12 Search.*input12 Search/, /^23 Answer.*input23/]);
  await page.keyboard.press("f");
  await expect(chosen(page)).toContainText("The input differs.");
  const differences = chosen(page).getByRole("list", { name: "Differences of the payloads" });
  await expect(differences.getByRole("listitem").filter({ hasText: "/depth" })).toHaveText("/depth#1: 2#2: 5");
  await expect(differences.getByRole("listitem").filter({ hasText: "/terms" })).toContainText("not there");
  await expect(page).toHaveURL(/&row=1$/);
  await look(page, "compare");

  await page.keyboard.press("n");
  await expect(chosen(page)).toContainText("Stage 3 (Answer)");
  await expect(chosen(page).getByRole("row", { name: /^Cost/ })).toContainText("$0.08");
  await expect(differences.getByRole("listitem").filter({ hasText: "/tone" })).toContainText("kind");
  // A key that comes before the page listens for the next one is lost; there is nothing before the first of both.
  for (const [key, text] of [
    ["p", "Stage 2 (Search)"],
    ["k", "Nothing differs."],
  ] as const)
    await expect(async () => {
      await page.keyboard.press(key);
      await expect(chosen(page)).toContainText(text, { timeout: 1000 });
    }).toPass();
  await page.getByRole("switch", { name: "Only differences" }).click();
  await expect(rows(page)).toHaveCount(2);
  await expect(page).toHaveURL(/only=differences/);
  await page.reload();
  await expect(rows(page)).toHaveCount(2);
  await page.getByRole("link", { name: "Swap" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("#2 beside #1");
  await expect(page.getByRole("row", { name: /^Cost/ })).toHaveText("Cost$0.11$0.07−$0.04");
});

test("it is run again, and what to compare with is chosen or pasted", async ({ page, server }) => {
  const { project, id } = await fill(page, server);
  await page.goto(`${project.home}/instances/${id}`);
  await page.getByRole("button", { name: "Run again" }).click();
  await expect(dialog(page).getByTestId("carried")).toContainText("nothing is copied");
  await dialog(page).getByRole("button", { name: "Run again" }).click();
  await expect(page.getByTestId("origin")).toContainText("#1 run again by admin@localhost.");
  await expect(page.getByRole("region", { name: "command of the first signal" })).toContainText("stagePath=1&");

  await page.getByRole("link", { name: "Compare…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Compare #2 with …");
  await expect(page.getByRole("listitem")).toContainText(["#1Completedits origin, 3 steps"]);
  await look(page, "compare-choose");
  const other = page.getByLabel("Id of the other instance");
  for (const [typed, words] of [
    ["nothing such", "Paste the id of an instance"],
    ["d0000000000000000", "There is no such instance in this project."],
  ] as const) {
    await other.fill(typed);
    await page.getByRole("button", { name: "Compare" }).click();
    await expect(page.getByText(words)).toBeVisible();
  }
  await other.fill(`${server.url}${project.home}/instances/${id}?step=2`);
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(page.getByTestId("sentence")).toHaveText(
    "They differ from the first step on (stage 1); there #1 did what #2 did not.",
  );
  await page.goto(`${project.home}/instances/compare?a=${id}&b=${id}`);
  await expect(page.getByText("These are one and the same")).toBeVisible();
  await page.goto(`${project.home}/instances/compare`);
  await expect(page.getByText("Choose an instance to begin with")).toBeVisible();
});
