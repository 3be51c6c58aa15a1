"use client";

import { Button, Group, Paper, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { FormProblem } from "@/components/layout/form-problem";
import { useChange } from "@/components/layout/use-change";
import { changePassword, updateAccount } from "@/lib/auth/client";
import { ApiError } from "@/lib/core/api";

const fieldsOf = (error: Error) => (error instanceof ApiError ? error.fields : {});

/** What others see of a person. */
export function NameForm({ name, email }: { name: string; email: string }) {
  const form = useForm({ initialValues: { name } });
  const save = useChange({
    ...updateAccount,
    done: "Saved.",
    onSuccess: (account) => {
      form.setInitialValues({ name: account.name });
      form.reset();
    },
    onField: (error) => {
      form.setErrors(fieldsOf(error));
      return Object.keys(fieldsOf(error)).length > 0;
    },
  });
  return (
    <Paper p="lg">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack gap="md" maw={440}>
          <TextInput label="Name" autoComplete="name" {...form.getInputProps("name")} />
          <TextInput label="E-mail" value={email} readOnly description="You sign in with it; it cannot be changed" />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
              Save
            </Button>
            <FormProblem error={save.problem} />
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

/** Sets another password, or a first one for who signs in without. */
export function PasswordForm({ hasPassword, email }: { hasPassword: boolean; email: string }) {
  const form = useForm({ initialValues: { current_password: "", password: "" } });
  const change = useChange({
    ...changePassword,
    done: "The password is changed, and every other place is signed out.",
    onSuccess: () => form.reset(),
    onField: (error) => {
      form.setErrors(fieldsOf(error));
      return Object.keys(fieldsOf(error)).length > 0;
    },
  });
  return (
    <Paper p="lg">
      <form noValidate onSubmit={form.onSubmit((values) => change.mutate(values))}>
        <Stack gap="md" maw={440}>
          {/* Tells password managers whose password this is. */}
          <input type="hidden" autoComplete="username" value={email} readOnly />
          {hasPassword && (
            <PasswordInput
              label="Present password"
              autoComplete="current-password"
              required
              {...form.getInputProps("current_password")}
            />
          )}
          <PasswordInput
            label="New password"
            description="At least 10 characters"
            autoComplete="new-password"
            required
            {...form.getInputProps("password")}
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              {hasPassword ? "Change password" : "Set password"}
            </Button>
            <FormProblem error={change.problem} />
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
