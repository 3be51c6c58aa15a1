import { test as base } from "./fixtures";
import { fillInstances, InstanceMaker } from "./instances";
import { type Running, startServer } from "./server";

export type Own = {
  server: Running;
  filled: Awaited<ReturnType<typeof fillInstances>>;
  maker: InstanceMaker;
  project: string;
};

/** A test with a server of its own, whose database it writes instances to. */
export const test = base.extend<object, { own: Own }>({
  own: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright insists on a destructured argument.
    async ({}, use) => {
      const server = await startServer();
      const projects = await fetch(`${server.url}/api/projects`, { headers: { "X-Api-Key": server.apiKey } });
      const project = String((await projects.json()).projects[0].id);
      const maker = await InstanceMaker.open(server.databaseUrl(), project);
      await use({ server, maker, project, filled: await fillInstances(maker) });
      await maker.close();
      await server.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  server: async ({ own }, use) => use(own.server),
});
