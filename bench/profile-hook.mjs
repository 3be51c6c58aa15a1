import { writeFileSync } from "node:fs";
import { Session } from "node:inspector";

// Loaded into a server that is profiled: the first SIGUSR2 starts the profile, the second stops it and prints its file.
const session = new Session();
let running = false;

process.on("SIGUSR2", () => {
  if (!running) {
    running = true;
    session.connect();
    session.post("Profiler.enable");
    session.post("Profiler.setSamplingInterval", { interval: 250 });
    session.post("Profiler.start");
    return;
  }
  session.post("Profiler.stop", (error, stopped) => {
    const file = `bench/results/server-${process.pid}.cpuprofile`;
    if (error === null) writeFileSync(file, JSON.stringify(stopped.profile));
    process.stdout.write(`profile ${file}\n`);
  });
});
