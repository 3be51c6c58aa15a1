import { expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "./fixtures";

/** Where the pictures are kept for people to look at; CI keeps this directory. */
const SCREENS = "test-results/screens";

/** What is cut off or sticks out, as people would see it; runs in the page. */
function findClipped(): string[] {
  const isShown = (element: Element): boolean => {
    const { width, height } = element.getBoundingClientRect();
    // What is only for screen readers is one pixel large.
    return width > 2 && height > 2 && getComputedStyle(element).visibility !== "hidden";
  };
  const holdsText = (element: Element): boolean =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "");
  const isCut = (element: Element): boolean => {
    const style = getComputedStyle(element);
    const cuts = (value: string): boolean => value === "hidden" || value === "clip";
    const isMeant = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
    // A button must be readable whole.
    if (isMeant && element.closest("button, a[role=button], [role=tab]") === null) return false;
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
    return (
      (cuts(style.overflowX) && scrollWidth > clientWidth + 1) ||
      (cuts(style.overflowY) && scrollHeight > clientHeight + 1)
    );
  };
  const scrolls = (element: Element | null): boolean =>
    element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const sticksOut = (element: Element): boolean => {
    const { left, right } = element.getBoundingClientRect();
    return (left < -1 || right > document.documentElement.clientWidth + 1) && !scrolls(element.parentElement);
  };
  return [...document.body.querySelectorAll("*")]
    .filter(
      (element) =>
        isShown(element) && holdsText(element) && element.closest("[aria-hidden=true], script, style") === null,
    )
    .filter((element) => isCut(element) || sticksOut(element))
    .map((element) => {
      const { left, top, width } = element.getBoundingClientRect();
      const place = `${Math.round(left)},${Math.round(top)} ${Math.round(width)} wide, needs ${element.scrollWidth}`;
      return `${isCut(element) ? "cut" : "sticks out"}: ${element.textContent?.slice(0, 60)} (${place})`;
    });
}

/** Fonts are there, nothing moves to its place, and nothing is still to come; runs in the page. */
function isSettled(): boolean {
  const isMoving = document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === "running");
  return document.fonts.status === "loaded" && !isMoving && document.querySelector(".mantine-Skeleton-root") === null;
}

/** Keeps a picture of the page, and fails unless it is accessible, fits its window, and shows its texts whole. */
export async function look(page: Page, name: string): Promise<void> {
  const { project } = test.info();
  await page.waitForFunction(isSettled);
  // A dialog lies over the window and not over the whole page.
  const hasDialog = await page.getByRole("dialog").isVisible();
  await page.screenshot({ path: `${SCREENS}/${project.name}/${name}.png`, fullPage: !hasDialog });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(overflow, `${name} is wider than its window`).toBeLessThanOrEqual(0);
  expect.soft(await page.evaluate(findClipped), `${name} cuts texts off`).toEqual([]);
  await expectAccessible(page);
}
