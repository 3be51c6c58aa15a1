/**
 * Next calls this when the way to another address begins; `PendingPage` listens. On the way back nothing is told: the page
 * stays until the other is there, so that it can be scrolled to where it was.
 */
export function onRouterTransitionStart(url: string, type: "push" | "replace" | "traverse"): void {
  dispatchEvent(new CustomEvent("pulsetrail:navigation", { detail: type === "traverse" ? null : url }));
}
