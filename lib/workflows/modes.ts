/** What the circles of the explanation are called, in their order. */
export const DEMO_STAGES = ["Start", "Stage 1", "Stage 2", "Complete"] as const;

export const DEMOS = ["normal", "strict", "flexible"] as const;
export type Demo = (typeof DEMOS)[number];

/** How a circle stands: nothing has come, just now it came, it came before, it came too early, or it was skipped. */
export type CircleState = "waiting" | "arriving" | "done" | "refused" | "missed";

export type Frame = {
  circles: readonly CircleState[];
  /** What happens, in one sentence. */
  words: string;
  /** What the signal is answered; null where none is sent. */
  answer: string | null;
};

const frame = (marks: string, words: string, answer: string | null = "200 OK"): Frame => ({
  circles: [...marks].map((mark) => MARKS[mark] ?? "waiting"),
  words,
  answer,
});
const MARKS: Readonly<Record<string, CircleState>> = {
  ".": "waiting",
  o: "arriving",
  x: "done",
  r: "refused",
  m: "missed",
};

/** What happens in each explanation, frame by frame; the last one stays a while. */
export const FRAMES: Readonly<Record<Demo, readonly Frame[]>> = {
  normal: [
    frame("....", "Nothing has come yet.", null),
    frame("o...", "The first signal begins an instance."),
    frame("xo..", "Stage 1 reports."),
    frame("xxo.", "Stage 2 reports."),
    frame("xxxo", "The last stage reports."),
    frame("xxxx", "All stages came: the instance is complete.", null),
  ],
  strict: [
    frame("....", "Nothing has come yet.", null),
    frame("o...", "The first signal begins an instance."),
    frame("x.r.", "Stage 2 reports, but stage 1 was skipped.", "400 stage_missed"),
    frame("xmr.", "The missed stage is found, the signal is kept as rejected, and somebody is told.", null),
    frame("xo..", "Stage 1 comes after all, and the instance goes on."),
    frame("xxo.", "Stage 2 reports again, now in its place."),
  ],
  flexible: [
    frame("....", "Nothing has come yet.", null),
    frame("o...", "The first signal begins an instance."),
    frame("x.o.", "Stage 2 reports before stage 1: that is fine."),
    frame("x.xo", "The last stage reports. One is still missing."),
    frame("xoxx", "Stage 1 reports, within the grace period."),
    frame("xxxx", "All stages came, whatever their order: the instance is complete.", null),
  ],
};

/** The frame after this one; after the last one it begins again. */
export const nextFrame = (demo: Demo, at: number): number => (at + 1) % FRAMES[demo].length;
