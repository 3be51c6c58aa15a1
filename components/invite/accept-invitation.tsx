"use client";

import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { useState } from "react";
import { ApiError } from "@/lib/core/api";
import { acceptInvitation, signUpInvited } from "@/lib/projects/client";

// Replaced, so that the link does not stay in the history.
const enter = (projectId: string): void => location.replace(`/projects/${projectId}`);

/** The button that takes an invitation; opening the page alone, as mail scanners do, takes nothing. */
export function AcceptInvitation({ token, project }: { token: string; project: string }) {
  const accept = useMutation({ ...acceptInvitation(token), onSuccess: (joined) => enter(joined.project_id) });
  return (
    <Stack gap="md">
      {accept.error !== null && (
        <Alert color="red" role="alert">
          {accept.error.message}
        </Alert>
      )}
      <Button loading={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
        Join {project}
      </Button>
    </Stack>
  );
}

/** Makes the account of the invited address and joins with it. */
export function InvitedSignUpForm({ token, email }: { token: string; email: string }) {
  const form = useForm({ initialValues: { name: "", password: "" } });
  const [failure, setFailure] = useState<string | null>(null);
  const signUp = useMutation({
    mutationFn: async (values: { name: string; password: string }) => {
      const joined = await signUpInvited.mutationFn({ token, ...values });
      const answer = await signIn("password", { email: joined.email, password: values.password, redirect: false });
      // The account is made; only signing in is left to do.
      if (answer?.ok !== true) return location.replace("/sign-in");
      enter(joined.project_id);
    },
    onError: (error) => {
      const fields = error instanceof ApiError ? error.fields : {};
      form.setErrors(fields);
      setFailure(Object.keys(fields).length === 0 ? error.message : null);
    },
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => signUp.mutate(values))}>
      <Stack gap="sm">
        {failure !== null && (
          <Alert color="red" role="alert">
            {failure}
          </Alert>
        )}
        <TextInput label="E-mail" value={email} readOnly autoComplete="username" />
        <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
        <PasswordInput
          label="Password"
          description="At least 10 characters"
          autoComplete="new-password"
          required
          {...form.getInputProps("password")}
        />
        <Button type="submit" loading={signUp.isPending || signUp.isSuccess}>
          Make account and join
        </Button>
      </Stack>
    </form>
  );
}
