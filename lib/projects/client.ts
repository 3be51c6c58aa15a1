import { api } from "@/lib/core/api";
import type { NewProject, ProjectObject } from "./schema";

/** Mutations of projects for TanStack Query. They throw `ApiError`. */
export const createProject = {
  mutationFn: (input: NewProject) => api<ProjectObject>("/api/projects", { method: "POST", body: input }),
};
