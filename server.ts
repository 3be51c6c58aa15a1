import { readSettings } from "@/lib/boot/settings";

/** The self-hosted entry: front door, pages and sweeper in one process. `--dev` adds hot reload. */
const dev = process.argv.includes("--dev");

try {
  readSettings(dev);
  // The loader turns them on, and with them Node keeps the map of every page: 40 MB that only hot reload needs.
  process.setSourceMapsEnabled(dev);
  // Everything else reads settings while it loads, so it is loaded once they are known to be good.
  const [{ start }, { Shutdown }] = await Promise.all([import("@/lib/boot/start"), import("@/lib/boot/shutdown")]);
  const shutdown = new Shutdown();
  // What they answer from needs what the start makes first.
  const lanes = async () => (await import("@/app/lanes")).lanes;
  const started = start({ dev, shutdown, lanes });
  shutdown.onSignal(() => started);
  await started.catch(async (error: unknown) => {
    if (shutdown.signal.aborted) return;
    await shutdown.run();
    throw error;
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
