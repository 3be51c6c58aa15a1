import { api } from "@/lib/core/api";

/** Tells that the page of a mailed link was opened in a browser that runs scripts. For TanStack Query. */
export const noteOpened = (token: string) => ({
  mutationFn: () => api(`/api/approve/${encodeURIComponent(token)}/view`, { method: "POST" }),
});
