import { expect, type Page } from "@playwright/test";
import { signIn } from "./people";

type Json = Record<string, unknown>;

export type OwnProject = {
  id: string;
  /** Where its pages are. */
  home: string;
  /** Calls the API as the person who is signed in, from elsewhere than the page. */
  ask: (method: string, path: string, body?: Json) => Promise<Json>;
};

/** Signs in and makes a project that no other test touches. */
export async function ownProject(page: Page): Promise<OwnProject> {
  await signIn(page);
  const headers = { Origin: new URL(page.url()).origin };
  const name = `Own ${crypto.randomUUID().slice(0, 8)}`;
  const made = await page.request.post("/api/projects", { headers, data: { name } });
  const { id } = await made.json();
  const ask: OwnProject["ask"] = async (method, path, data) => {
    const answer = await page.request.fetch(path, { method, headers: { ...headers, "X-Project-Id": id }, data });
    expect(answer.ok(), `${method} ${path}: ${answer.status()}`).toBe(true);
    return answer.status() === 204 ? {} : answer.json();
  };
  return { id, home: `/projects/${id}`, ask };
}

/** Makes a check in it and gives its id. */
export async function addCheck({ ask }: OwnProject, fields: Json): Promise<string> {
  return String((await ask("POST", "/api/v3/checks/", fields))["uuid"]);
}
