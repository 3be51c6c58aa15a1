"use client";

import { notifications } from "@mantine/notifications";
import { ApiError } from "@/lib/core/api";

const CLOSE = { "aria-label": "Close" };

/** Says that something went well. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "pine", autoClose: 4000, closeButtonProps: CLOSE });
}

/** Says why something did not happen, in the server's words. */
export function toastError(error: unknown): void {
  const message = error instanceof ApiError ? error.message : "Something went wrong on this page.";
  notifications.show({ title: "That did not work", message, color: "red", autoClose: 8000, closeButtonProps: CLOSE });
}
