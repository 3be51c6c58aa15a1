import { api } from "@/lib/core/api";
import type {
  InvitedSignUp,
  IssuedInvitation,
  IssuedKey,
  MemberObject,
  NewInvitation,
  NewKey,
  NewProject,
  ProjectChange,
  ProjectObject,
} from "./schema";

const at = (projectId: string): string => `/api/projects/${projectId}`;

/** Mutations of projects for TanStack Query. They throw `ApiError`. */
export const createProject = {
  mutationFn: (input: NewProject) => api<ProjectObject>("/api/projects", { method: "POST", body: input }),
};

export const updateProject = (projectId: string) => ({
  mutationFn: (body: ProjectChange) => api<ProjectObject>(at(projectId), { method: "PATCH", body, projectId }),
});

export const deleteProject = (projectId: string) => ({
  mutationFn: (confirm: string) => api(at(projectId), { method: "DELETE", body: { confirm }, projectId }),
});

/** Reads the project again, with the secrets that its pages leave out. */
export const revealProject = (projectId: string) => ({
  mutationFn: () => api<ProjectObject>(at(projectId), { projectId }),
});

export const rotatePingKey = (projectId: string) => ({
  mutationFn: () => api<ProjectObject>(`${at(projectId)}/ping-key/rotate`, { method: "POST", projectId }),
});

export const changeRole = (projectId: string, userId: string) => ({
  mutationFn: (role: MemberObject["role"]) =>
    api<MemberObject>(`${at(projectId)}/members/${userId}`, { method: "PATCH", body: { role }, projectId }),
});

export const removeMember = (projectId: string, userId: string) => ({
  mutationFn: () => api(`${at(projectId)}/members/${userId}`, { method: "DELETE", projectId }),
});

export const inviteMember = (projectId: string) => ({
  mutationFn: (body: NewInvitation) =>
    api<IssuedInvitation>(`${at(projectId)}/invitations`, { method: "POST", body, projectId }),
});

export const revokeInvitation = (projectId: string, id: string) => ({
  mutationFn: () => api(`${at(projectId)}/invitations/${id}`, { method: "DELETE", projectId }),
});

export const acceptInvitation = (token: string) => ({
  mutationFn: () => api<{ project_id: string }>("/api/invitations/accept", { method: "POST", body: { token } }),
});

export const signUpInvited = {
  mutationFn: (body: InvitedSignUp) =>
    api<{ email: string; project_id: string }>("/api/invitations/sign-up", { method: "POST", body }),
};

export const createKey = (projectId: string) => ({
  mutationFn: (body: NewKey) => api<IssuedKey>(`${at(projectId)}/keys`, { method: "POST", body, projectId }),
});

export const rotateKey = (projectId: string, id: string) => ({
  mutationFn: (overlapSeconds: number) =>
    api<IssuedKey>(`${at(projectId)}/keys/${id}/rotate`, {
      method: "POST",
      body: { overlap_seconds: overlapSeconds },
      projectId,
    }),
});

export const revokeKey = (projectId: string, id: string) => ({
  mutationFn: () => api(`${at(projectId)}/keys/${id}`, { method: "DELETE", projectId }),
});
