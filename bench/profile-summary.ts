import { z } from "zod";

const Frame = z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() });
const Profile = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: Frame, children: z.array(z.number()).default([]) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

type Frame = z.infer<typeof Frame>;
type Profile = z.infer<typeof Profile>;

export function readProfile(text: string): Profile {
  return Profile.parse(JSON.parse(text));
}

const SPECIAL: Record<string, string> = {
  "(idle)": "idle",
  "(garbage collector)": "garbage collection",
  "(program)": "native code",
};

/** Whose code a frame is. */
function ownerOf({ functionName, url }: Frame): string {
  const special = SPECIAL[functionName];
  if (special !== undefined) return special;
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return /^pg|^postgres/.test(dependency) ? "pg" : dependency;
  if (url.startsWith("node:")) return "node";
  return url === "" ? "native code" : "ours";
}

function nameOf(frame: Frame): string {
  const file = frame.url.replace(/^.*\/(?=lib\/|node_modules\/)/, "").replace(/^.*node_modules\//, "");
  return `${frame.functionName || "(anonymous)"} ${file}${file === "" ? "" : `:${frame.lineNumber + 1}`}`;
}

const add = (to: Map<string, number>, key: string, value: number): Map<string, number> =>
  to.set(key, (to.get(key) ?? 0) + value);

/** The time each node of the tree was on top. */
function selfTimes({ samples, timeDeltas }: Profile): Map<number, number> {
  const times = new Map<number, number>();
  samples.forEach((id, at) => {
    times.set(id, (times.get(id) ?? 0) + (timeDeltas[at] ?? 0));
  });
  return times;
}

/** The time each function was anywhere on the stack, counted once when it calls itself. */
function inclusiveTimes(profile: Profile, self: Map<number, number>): Map<string, number> {
  const frames = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => children.map((child) => [child, id] as const)));
  const total = new Map<string, number>();
  for (const [node, time] of self) {
    const names = new Set<string>();
    for (let at: number | undefined = node; at !== undefined; at = parents.get(at)) {
      const frame = frames.get(at);
      if (frame !== undefined && ownerOf(frame) === "ours") names.add(nameOf(frame));
    }
    for (const name of names) add(total, name, time);
  }
  return total;
}

function top(times: Map<string, number>, busy: number, count: number): string {
  const lines = [...times].toSorted((a, b) => b[1] - a[1]).slice(0, count);
  return lines.map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`).join("\n");
}

/** Where the time went, in shares of the time the process was not idle. */
export function summary(profile: Profile): string {
  const self = selfTimes(profile);
  const owners = new Map<string, number>();
  const functions = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const time = self.get(id) ?? 0;
    add(owners, ownerOf(callFrame), time);
    if (ownerOf(callFrame) !== "idle") add(functions, `${ownerOf(callFrame)}: ${nameOf(callFrame)}`, time);
  }
  const idle = owners.get("idle") ?? 0;
  owners.delete("idle");
  const busy = [...owners.values()].reduce((sum, time) => sum + time, 0);
  return [
    `the process was busy ${((100 * busy) / (busy + idle)).toFixed(0)} % of the time; of that, by owner:`,
    top(owners, busy, 12),
    "\non top of the stack:",
    top(functions, busy, 30),
    "\nour functions with everything they call:",
    top(inclusiveTimes(profile, self), busy, 30),
  ].join("\n");
}
