import { gzipSync } from "node:zlib";
import { chromium, type Page } from "@playwright/test";
import { findChromium } from "@/scripts/chromium";
import { AppServer, settingsFor } from "./app-server";
import type { Database } from "./databases";
import { median } from "./measure";
import type { Options } from "./options";
import type { Figure } from "./table";
import type { World } from "./world";

const CHECKS = 10_000;
const PINGS_PER_CHECK = 100;
/** The first requests compile and fill caches. */
const WARM_UP = 5;

type Facts = { origin: string; project: string; check: string; cookie: string };

/** Signs in as a browser would and gives the cookies. */
export async function signIn(origin: string): Promise<string> {
  const first = await fetch(`${origin}/api/auth/csrf`);
  const { csrfToken } = (await first.json()) as { csrfToken: string }; // next-auth documents it
  const given = first.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  const answer = await fetch(`${origin}/api/auth/callback/password`, {
    method: "POST",
    headers: { Cookie: given.join("; ") },
    body: new URLSearchParams({
      csrfToken,
      email: "admin@localhost",
      password: settingsFor("")["ADMIN_PASSWORD"] ?? "",
      json: "true",
    }),
  });
  const session = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
  if (!session.some((cookie) => cookie?.includes("session-token"))) throw new Error(`sign-in: ${answer.status}`);
  return session.join("; ");
}

/** 10,000 checks of the first project in every state, with a million pings and a month of ups and downs. */
async function fill({ pool }: Database): Promise<{ project: string; check: string }> {
  const found = await pool.query<{ id: string }>("SELECT id FROM projects LIMIT 1");
  const project = found.rows[0]?.id ?? "";
  // From the number of the check alone, so that every run has the same.
  await pool.query(
    `INSERT INTO checks (project_id, name, slug, tags, timeout_seconds, grace_seconds, status, status_since, last_ping_at, due_at, watch_at, n_pings)
     SELECT $1, 'Job ' || lpad(i::text, 5, '0'), 'job-' || i, CASE i % 4 WHEN 0 THEN 'prod db' ELSE 'prod' END, 3600, 86400,
            (CASE WHEN i % 50 = 0 THEN 'down' WHEN i % 37 = 0 THEN 'paused' ELSE 'up' END)::check_status,
            now() - i * interval '1 minute', now() - i % 50 * interval '1 minute',
            CASE WHEN i % 50 <> 0 AND i % 37 <> 0 THEN now() + interval '1 day' END,
            CASE WHEN i % 50 <> 0 AND i % 37 <> 0 THEN now() + interval '1 day' END, $3
       FROM generate_series(1, $2) AS i`,
    [project, CHECKS, PINGS_PER_CHECK],
  );
  await pool.query(
    `INSERT INTO pings (project_id, check_id, n, kind, source, created_at, scheme, remote_addr, method, user_agent, duration_ms)
     SELECT project_id, id, n, 'success', 'healthchecks', now() - (${PINGS_PER_CHECK} - n) * interval '1 hour', 'http', '192.0.2.7', 'GET', 'curl/8.14.1', 1000 + n * 13 % 700
       FROM checks, generate_series(1, $2::int) AS n WHERE project_id = $1`,
    [project, PINGS_PER_CHECK],
  );
  await pool.query(
    `INSERT INTO flips (project_id, check_id, seq, from_status, to_status, reason, at)
     SELECT project_id, id, n, CASE WHEN n % 2 = 1 THEN 'up' ELSE 'down' END::check_status,
            CASE WHEN n % 2 = 1 THEN 'down' ELSE 'up' END::check_status, 'timeout', now() - (21 - n) * interval '1 day'
       FROM checks, generate_series(1, 20) AS n WHERE project_id = $1`,
    [project],
  );
  await pool.query("VACUUM ANALYZE");
  const check = await pool.query<{ id: string }>("SELECT id FROM checks WHERE slug = 'job-4711'");
  return { project, check: check.rows[0]?.id ?? "" };
}

/** Milliseconds until the first byte of a page's body, the median of some requests. */
export async function firstByte(
  { origin, cookie }: Pick<Facts, "origin" | "cookie">,
  path: string,
  requests: number,
): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < requests + WARM_UP; count += 1) {
    const began = performance.now();
    const answer = await fetch(`${origin}${path}`, { headers: { Cookie: cookie } });
    const reader = answer.body?.getReader();
    await reader?.read();
    if (count >= WARM_UP) took.push(performance.now() - began);
    while (reader !== undefined && !(await reader.read()).done);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  }
  return median(took);
}

/** Kilobytes of script, compressed, that a page loads before anything is clicked. */
async function scriptKb({ origin, cookie }: Facts, path: string): Promise<number> {
  const html = await (await fetch(`${origin}${path}`, { headers: { Cookie: cookie } })).text();
  // What is marked nomodule is for browsers older than the ones that run the rest.
  const tags = [...html.matchAll(/<script[^>]+src="([^"]+)"[^>]*>/g)].filter(([tag]) => !/nomodule/i.test(tag));
  const sources = new Set(tags.map(([, source]) => source ?? ""));
  let bytes = 0;
  for (const source of sources) {
    const script = await fetch(new URL(source, origin), { headers: { "Accept-Encoding": "identity" } });
    bytes += gzipSync(Buffer.from(await script.arrayBuffer())).length;
  }
  return bytes / 1000;
}

/** Milliseconds from a click on a link of the sidebar until the other page's heading is there. */
async function routeChange(page: Page, { origin, project }: Facts, times: number): Promise<number> {
  const took: number[] = [];
  await page.goto(`${origin}/projects/${project}`);
  for (let count = 0; count < times + 2; count += 1) {
    const to = count % 2 === 0 ? "Checks" : "Overview";
    const began = performance.now();
    await page.getByRole("navigation", { name: "Project" }).getByRole("link", { name: to }).click();
    await page.getByRole("heading", { level: 1, name: to }).waitFor();
    if (count >= 2) took.push(performance.now() - began);
  }
  return median(took);
}

/** Does something on a page of a browser in which one is signed in. */
export async function inBrowser<T>(
  { origin, cookie }: Pick<Facts, "origin" | "cookie">,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const browser = await chromium.launch({
    ...(findChromium() !== null && { executablePath: findChromium() ?? "" }),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const cookies = cookie.split("; ").map((pair) => {
      const at = pair.indexOf("=");
      return { name: pair.slice(0, at), value: decodeURIComponent(pair.slice(at + 1)), url: origin };
    });
    await context.addCookies(cookies.filter(({ name }) => name.includes("session-token")));
    return await work(await context.newPage());
  } finally {
    await browser.close();
  }
}

/** How quickly the pages come with 10,000 checks and a million pings in the database. */
export async function dashboard(world: World, { rounds }: Options): Promise<Figure[]> {
  const database = await world.pages();
  const server = await AppServer.start(database.url);
  try {
    const origin = `http://localhost:${server.port}`;
    const facts: Facts = { origin, ...(await fill(database)), cookie: await signIn(origin) };
    const base = `/projects/${facts.project}`;
    const requests = rounds * 5;
    const page = async (name: string, path: string, atMost: number): Promise<Figure> => ({
      name: `${name} with ${CHECKS} checks: first byte`,
      value: await firstByte(facts, path, requests),
      unit: "ms",
      target: { kind: "at most", value: atMost },
    });
    return [
      await page("list of checks", `${base}/checks`, 150),
      await page("page of a check", `${base}/checks/${facts.check}`, 150),
      await page("overview", base, 200),
      {
        name: "change of page in the browser",
        value: await inBrowser(facts, (page) => routeChange(page, facts, rounds * 4)),
        unit: "ms",
        target: { kind: "at most", value: 300 },
      },
      {
        name: "script of the list of checks, compressed",
        value: await scriptKb(facts, `${base}/checks`),
        unit: "kB",
        target: { kind: "at most", value: 300 },
      },
    ];
  } finally {
    await server.stop();
  }
}
