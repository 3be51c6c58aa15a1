import { expect, test } from "vitest";
import { Shutdown } from "./shutdown";

test("stops what was added last first, each once, and goes on past a part that fails", async () => {
  const shutdown = new Shutdown();
  const stopped: string[] = [];
  shutdown.add(async () => stopped.push("database"));
  shutdown.add(() => Promise.reject(new Error("stuck")));
  shutdown.add(async () => stopped.push("http"));
  await shutdown.run();
  await shutdown.run();
  expect(stopped).toEqual(["http", "database"]);
});
