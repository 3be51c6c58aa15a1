"use client";

import { Alert, Button, Divider, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { useState } from "react";
import type { ProviderName } from "@/lib/auth/outside";
import { ApiError, api } from "@/lib/core/api";
import { ProviderButtons } from "./provider-buttons";

type Values = { name: string; email: string; password: string };

const TAKEN = "That did not work. If you have an account already, sign in instead.";

/** Makes an account; where mail can leave, the address is confirmed by mail first. */
export function SignUpForm({ providers }: { providers: ProviderName[] }) {
  const form = useForm<Values>({ initialValues: { name: "", email: "", password: "" } });
  const [failure, setFailure] = useState<string | null>(null);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const signUp = useMutation({
    mutationFn: async (values: Values) => {
      const { confirm } = await api<{ confirm: boolean }>("/api/sign-up", { method: "POST", body: values });
      if (confirm) return setSentTo(values.email);
      const { email, password } = values;
      const answer = await signIn("password", { email, password, redirect: false });
      if (answer?.ok !== true) throw new ApiError(401, { detail: TAKEN });
      location.assign("/");
    },
    onError: (error) => {
      const fields = error instanceof ApiError ? error.fields : {};
      form.setErrors(fields);
      setFailure(Object.keys(fields).length === 0 ? error.message : null);
    },
  });
  if (sentTo !== null)
    return (
      <Alert color="pine" title="Look into your mail" role="status">
        A link to {sentTo} is on its way. Open it to finish; it works once, for 30 minutes.
      </Alert>
    );
  return (
    <Stack gap="md">
      <form noValidate onSubmit={form.onSubmit((values) => signUp.mutate(values))}>
        <Stack gap="sm">
          {failure !== null && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
          <TextInput
            label="E-mail"
            inputMode="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            description="At least 10 characters"
            autoComplete="new-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={signUp.isPending}>
            Sign up
          </Button>
        </Stack>
      </form>
      {providers.length > 0 && <Divider label="or" />}
      <ProviderButtons providers={providers} next="/" onFailure={setFailure} />
    </Stack>
  );
}
