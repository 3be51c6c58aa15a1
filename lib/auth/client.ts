import { api } from "@/lib/core/api";
import type { AccountChange, AccountObject, PasswordChange } from "./schema";

/** Throws `ApiError` when the server cannot be reached: next-auth's own function would leave the page then. */
export const reachServer = () => api("/api/auth/csrf");

/** Mutations of one's own account for TanStack Query. They throw `ApiError`. */
export const updateAccount = {
  mutationFn: (body: AccountChange) => api<AccountObject>("/api/account", { method: "PATCH", body }),
};

export const changePassword = {
  mutationFn: (body: PasswordChange) => api("/api/account/password", { method: "POST", body }),
};

export const endSession = (id: string) => ({
  mutationFn: () => api(`/api/account/sessions/${id}`, { method: "DELETE" }),
});

export const endOtherSessions = {
  mutationFn: () => api("/api/account/sessions", { method: "DELETE" }),
};
