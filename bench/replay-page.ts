import type { Page } from "@playwright/test";
import { inBrowser, signIn } from "./dashboard";
import { median } from "./measure";
import type { Figure } from "./table";

const DRAG_MS = 3000;
/** The first visits compile and fill caches. */
const WARM_UP = 2;

/** Runs in the page and looks at every frame: a locator that found nothing five times only looks every half second. */
const SEE_COSTS = `new Promise((done) => {
  const look = () => document.querySelector("[data-testid=moment]")?.textContent.includes("$") ? done() : requestAnimationFrame(look);
  look();
})`;

type Asked = { origin: string; path: string; rounds: number };

/** Milliseconds until the page of a replay shows what its middle step had cost, which is when all steps are there. */
async function usableMs(page: Page, { origin, path, rounds }: Asked): Promise<number> {
  const took: number[] = [];
  for (let count = 0; count < rounds + WARM_UP; count += 1) {
    await page.goto("about:blank");
    const began = performance.now();
    await page.goto(`${origin}${path}`, { waitUntil: "commit" });
    await page.evaluate(SEE_COSTS);
    if (count >= WARM_UP) took.push(performance.now() - began);
  }
  return median(took);
}

/** Drags the slider there and back, a move for each frame; runs in the page. Gives how long each frame took, in milliseconds. */
const DRAG = `new Promise((done) => {
  const slider = document.querySelector("[role=slider]");
  slider.setPointerCapture = () => undefined;
  slider.hasPointerCapture = () => true;
  const box = slider.getBoundingClientRect();
  const fire = (type, share) =>
    slider.dispatchEvent(new PointerEvent(type, { bubbles: true, button: 0, clientX: box.left + box.width * share, clientY: box.top + 15 }));
  const frames = [];
  const began = performance.now();
  let before = began;
  fire("pointerdown", 0.1);
  const move = (now) => {
    frames.push(now - before);
    before = now;
    if (now - began >= ${DRAG_MS}) return done(frames.slice(1));
    fire("pointermove", 0.5 - 0.4 * Math.cos(((now - began) / ${DRAG_MS}) * 2 * Math.PI));
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
})`;

/** How soon the replay of a long instance can be used, and how smoothly one goes through it. */
export async function replayPage(asked: Asked): Promise<Figure[]> {
  const facts = { origin: asked.origin, cookie: await signIn(asked.origin) };
  return inBrowser(facts, async (page): Promise<Figure[]> => {
    const usable = await usableMs(page, asked);
    const frames = await page.evaluate<number[]>(DRAG);
    return [
      {
        name: "replay page of 10000 steps: usable",
        value: usable,
        unit: "ms",
        target: { kind: "at most", value: 1000 },
      },
      {
        name: "the same: frames while its slider is dragged",
        value: frames.length / (frames.reduce((sum, one) => sum + one, 0) / 1000),
        unit: "/s",
        // A screen that is not there shows 60 less a rounding.
        target: { kind: "at least", value: 58 },
      },
    ];
  });
}
