// Loaded into a server under measurement: on SIGUSR2 it prints what `batchStats()` of lib/ingest/door says, if there is one.
process.on("SIGUSR2", async () => {
  const door = await import(new URL("../lib/ingest/door.ts", import.meta.url).href);
  process.stderr.write(`batch-stats ${JSON.stringify(door.batchStats?.() ?? null)}\n`);
});
