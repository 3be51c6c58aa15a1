"use client";

import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation } from "@tanstack/react-query";
import { type SignInResponse, signIn } from "next-auth/react";
import { useState } from "react";
import { reachServer } from "@/lib/auth/client";
import type { ProviderName } from "@/lib/auth/outside";
import { problemWords } from "@/lib/auth/problem-words";
import { ApiError, api } from "@/lib/core/api";
import { ProviderButtons } from "./provider-buttons";

type Props = { providers: ProviderName[]; canMail: boolean; next: string; problem: string | null };

/** What next-auth says went wrong; it answers a request without its cookie as if it were fine, with another address. */
function problemOf(answer: SignInResponse | undefined): string | null {
  if (answer === undefined || answer.url?.includes("csrf=true")) return "Cookies";
  return answer.ok ? null : (answer.error ?? "Unavailable");
}

/** Signs in by password, by a mailed link, or through a provider that is set up. */
export function SignInForm({ providers, canMail, next, problem }: Props) {
  const form = useForm({ initialValues: { email: "", password: "" } });
  const [failure, setFailure] = useState(problem);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const byPassword = useMutation({
    mutationFn: async (values: { email: string; password: string }) => {
      await reachServer();
      const answer = await signIn("password", { ...values, redirect: false }).catch(() => null);
      if (answer === null) throw new ApiError(0, { detail: "The connection is lost. Try again." });
      const problem = problemOf(answer);
      if (problem !== null) throw new ApiError(401, { detail: problemWords(problem) });
    },
    onSuccess: () => location.assign(next),
    onError: (error) => setFailure(error.message),
  });
  const byLink = useMutation({
    mutationFn: (email: string) => api("/api/sign-in-links", { method: "POST", body: { email, next } }),
    onSuccess: (_answer, email) => {
      setFailure(null);
      setSentTo(email);
    },
    onError: (error) => {
      if (error instanceof ApiError && error.fields["email"]) form.setFieldError("email", error.fields["email"]);
      else setFailure(error.message);
    },
  });
  if (sentTo !== null)
    return (
      <Alert color="pine" title="Look into your mail" role="status">
        If {sentTo} may sign in here, a link is on its way. It works once, for 30 minutes.
      </Alert>
    );
  return (
    <Stack gap="md">
      {failure !== null && (
        <Alert color="red" role="alert">
          {failure}
        </Alert>
      )}
      <form noValidate onSubmit={form.onSubmit((values) => byPassword.mutate(values))}>
        <Stack gap="sm">
          <TextInput
            label="E-mail"
            type="text"
            inputMode="email"
            autoComplete="username"
            required
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={byPassword.isPending || byPassword.isSuccess}>
            Sign in
          </Button>
        </Stack>
      </form>
      {(canMail || providers.length > 0) && <Divider label="or" />}
      {canMail && (
        <Button variant="default" loading={byLink.isPending} onClick={() => byLink.mutate(form.values.email)}>
          Mail me a link
        </Button>
      )}
      <ProviderButtons providers={providers} next={next} onFailure={setFailure} />
      {!canMail && (
        <Text size="sm" c="dimmed">
          Forgot the password? Whoever runs this installation can set up mail, with which a link can be sent.
        </Text>
      )}
    </Stack>
  );
}
