import { expect, type Locator, type Page } from "@playwright/test";
import { expectAccessible, expectFits, test } from "./fixtures";
import { addCheck, ownProject } from "./own-project";

test.use({ contextOptions: { reducedMotion: "reduce" } });

const LONG = "x".repeat(10_000);

type Case = {
  /** Below the pages of a project, or with a leading // an address of its own. */
  path: string;
  field: string;
  button: string;
  /** What is typed and what is said beside the field. */
  bad: [typed: string, said: RegExp][];
  /** Fills what else must be there. */
  others?: Record<string, string>;
};

const NO_NAME = /must not be (blank|empty)|Give it a name/;
const TOO_LONG = /at most \d+ characters|too long/;
const name = [
  ["", NO_NAME],
  ["   ", NO_NAME],
  [LONG, TOO_LONG],
  ["😀".repeat(2500), TOO_LONG],
] satisfies Case["bad"];

const CASES: Case[] = [
  { path: "", field: "Name of the job", button: "Watch it", bad: name },
  { path: "/settings", field: "Name", button: "Save", bad: name },
  {
    path: "/settings/people",
    field: "E-mail",
    button: "Invite",
    bad: [
      ["", /must be an e-mail address/],
      ["nobody", /must be an e-mail address/],
      ["a@b@c", /must be an e-mail address/],
      ["<script>alert(1)</script>@example.org", /must be an e-mail address/],
      [`${LONG}@example.org`, TOO_LONG],
    ],
  },
  { path: "//projects/new", field: "Name", button: "Make project", bad: name },
  { path: "//account", field: "Name", button: "Save", bad: [[LONG, TOO_LONG]] },
  {
    path: "//account",
    field: "New password",
    button: "Change password",
    others: { "Present password": "password-for-the-browser-tests" },
    bad: [
      ["", /at least 10/],
      ["short", /at least 10/],
      [LONG, TOO_LONG],
    ],
  },
  {
    path: "/channels/new?kind=email",
    field: "Name",
    button: "Add channel",
    others: { "Send to": "a@example.org" },
    bad: name,
  },
  {
    path: "/channels/new?kind=email",
    field: "Send to",
    button: "Add channel",
    bad: [
      ["", /must be/],
      ["nobody", /must be one plain e-mail address/],
      ["a@example.org, b@example.org", /must be one plain e-mail address/],
      ["مرحبا@example.org", /must be one plain e-mail address/],
      [`a@${LONG}`, /must be one plain e-mail address|at most/],
    ],
  },
  {
    path: "/channels/new?kind=webhook",
    field: "URL",
    button: "Add channel",
    bad: [
      ["", /must be/],
      ["example.org", /must be an http or https URL/],
      ["javascript:alert(1)", /must be an http or https URL/],
      ["http://169.254.169.254/latest", /not allowed/],
      [`https://example.org/${LONG}`, TOO_LONG],
    ],
  },
  ...["slack", "discord"].map((kind) => ({
    path: `/channels/new?kind=${kind}`,
    field: "Webhook URL",
    button: "Add channel",
    bad: [
      ["", /must be/],
      ["not a URL", /must be the webhook's URL/],
      [`https://example.org/${LONG}`, TOO_LONG],
    ] satisfies Case["bad"],
  })),
  {
    path: "/channels/new?kind=pagerduty",
    field: "Integration key",
    button: "Add channel",
    bad: [
      ["", /must be/],
      ["<script>", /must be the 32 letters/],
      [LONG, /must be the 32 letters/],
    ],
  },
  { path: "/checks/new", field: "Name", button: "Make check", bad: name },
  {
    path: "/checks/new",
    field: "Slug",
    button: "Make check",
    others: { Name: "Fine" },
    bad: [
      ["Not A Slug", /Only a to z/],
      ["😀", /Only a to z/],
      [LONG, TOO_LONG],
    ],
  },
  {
    path: "/checks/new",
    field: "Period",
    button: "Make check",
    others: { Name: "Fine" },
    bad: [
      ["", /whole number/],
      ["-5", /at least one minute/],
      ["0", /at least one minute/],
      ["400", /at most 365 days/],
    ],
  },
  {
    path: "/checks/new",
    field: "Grace time",
    button: "Make check",
    others: { Name: "Fine" },
    bad: [
      ["", /whole number/],
      ["-1", /at least one minute/],
      ["99999999", /at most 365 days/],
    ],
  },
];

/** The field's error, which the field names as what describes it. */
async function errorOf(field: Locator): Promise<Locator> {
  await expect(field).toHaveAttribute("aria-describedby", /-error/);
  const id = /\S+-error/.exec((await field.getAttribute("aria-describedby")) ?? "")?.[0];
  return field.page().locator(`[id="${id}"]`);
}

const fieldOf = (page: Page, label: string): Locator =>
  page.getByRole("main").getByRole("textbox", { name: new RegExp(`^${label}\\b`) });

for (const { path, field: label, button, bad, others = {} } of CASES) {
  test(`${path || "the first check"}: ${label}`, async ({ page }) => {
    const { home } = await ownProject(page);
    await page.goto(path.startsWith("//") ? path.slice(1) : `${home}${path}`);
    const field = fieldOf(page, label);
    for (const [typed, said] of bad) {
      // Else there is nothing to save where a form is filled already.
      await field.fill("-");
      await field.fill(typed);
      for (const [other, value] of Object.entries(others)) await fieldOf(page, other).fill(value);
      await page.getByRole("main").getByRole("button", { name: button, exact: true }).click();
      await expect(await errorOf(field)).toHaveText(said);
      await expect(field).toHaveValue(typed);
      for (const [other, value] of Object.entries(others)) await expect(fieldOf(page, other)).toHaveValue(value);
    }
    await expectFits(page);
    await expectAccessible(page);
  });
}

test("schedules that make no sense", async ({ page }) => {
  const { home } = await ownProject(page);
  await page.goto(`${home}/checks/new`);
  await fieldOf(page, "Name").fill("Fine");
  for (const [kind, nonsense] of [
    ["Cron", ["", "every day", "61 4 * * 1", "* * * *", "0 0 30 2 *", "<script>", "😀 * * * *", LONG]],
    ["OnCalendar", ["", "every day", "0 3 * * *", LONG]],
  ] as const) {
    await page.getByText(kind, { exact: true }).click();
    const field = fieldOf(page, `${kind} expression`);
    for (const typed of nonsense) {
      await field.fill(typed);
      await page.getByRole("button", { name: "Make check" }).click();
      await expect(await errorOf(field)).toHaveText(/ever comes due|too long|cron expression/i);
      await expect(field).toHaveValue(typed);
    }
  }
  await expectAccessible(page);
});

test("a mute of the past or of no day", async ({ page }) => {
  const project = await ownProject(page);
  await page.goto(`${project.home}/checks/${await addCheck(project, { name: "Loud" })}`);
  await page.getByRole("button", { name: "Mute alerts" }).click();
  await page.getByRole("menuitem", { name: "Until …" }).click();
  const until = page.getByLabel("Day and time");
  for (const [typed, said] of [
    ["", "Choose a day and a time."],
    ["1999-12-31T23:59", "It must be in the future."],
  ] as const) {
    await until.fill(typed);
    await page.getByRole("button", { name: "Mute", exact: true }).click();
    await expect(await errorOf(until)).toHaveText(said);
    await expect(until).toHaveValue(typed);
  }
});

test("a name from anywhere is shown as it was typed", async ({ page }) => {
  const project = await ownProject(page);
  for (const odd of [
    "<script>alert(1)</script>",
    "النسخ الاحتياطي الليلي",
    "🚀 Déjà vu 夜間バックアップ",
    `"quoted" & <b>bold</b>`,
  ]) {
    await page.goto(`${project.home}/checks/new`);
    await fieldOf(page, "Name").fill(odd);
    await page.getByRole("button", { name: "Make check" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(odd);
    await expectFits(page);
  }
  await page.goto(`${project.home}/checks`);
  await expect(page.getByRole("link", { name: "<script>alert(1)</script>", exact: true })).toBeVisible();
  await expectFits(page);
  await expectAccessible(page);
});
