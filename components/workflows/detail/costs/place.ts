/** Which workflow it is, where its page is, and whether who looks may change it. */
export type Place = { projectId: string; id: string; path: string; canWrite: boolean };
