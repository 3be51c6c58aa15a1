"use client";

import { notifications } from "@mantine/notifications";
import { ApiError } from "@/lib/core/api";

const CLOSE = { "aria-label": "Close" };

/** Says that something went well. */
export function toastDone(message: string): void {
  notifications.show({ message, color: "pine", autoClose: 4000, closeButtonProps: CLOSE });
}

/** Why something did not happen, in the server's words. */
export function reasonOf(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong on this page.";
}

/** Says why something did not happen. */
export function toastError(error: unknown): void {
  notifications.show({
    title: "That did not work",
    message: reasonOf(error),
    color: "red",
    autoClose: 8000,
    closeButtonProps: CLOSE,
  });
}
