"use client";

import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { reachServer } from "@/lib/auth/client";

/** The button that uses a mailed link up; opening the page alone, as mail scanners do, uses nothing. */
export function ConfirmLink({ token, email, next }: { token: string; email: string; next: string }) {
  const confirm = useMutation({
    mutationFn: async () => {
      await reachServer();
      const answer = await signIn("link", { token, redirect: false });
      if (answer?.ok !== true) throw new Error("This link has been used or is too old. Ask for a new one.");
      // Replaced, so that the link does not stay in the history.
      location.replace(next);
    },
  });
  return (
    <Stack gap="md">
      <Text>
        Sign in as <strong>{email}</strong>?
      </Text>
      {confirm.error !== null && (
        <Alert color="red" role="alert">
          {confirm.error.message}
        </Alert>
      )}
      <Button loading={confirm.isPending || confirm.isSuccess} onClick={() => confirm.mutate()}>
        Sign in
      </Button>
    </Stack>
  );
}
