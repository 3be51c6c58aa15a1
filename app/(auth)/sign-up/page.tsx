import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { SignUpForm } from "@/components/auth/sign-up-form";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";
import { listProviderNames } from "@/lib/auth/outside";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Sign up" };

export default function SignUpPage() {
  return (
    <PlainPage>
      <Title order={1}>Sign up</Title>
      {env().SIGNUPS === "open" ? (
        <SignUpForm providers={listProviderNames()} />
      ) : (
        <Text>Sign-up is closed here. Ask somebody who has an account to invite you.</Text>
      )}
      <Text size="sm">
        You have an account?{" "}
        <TextLink href="/sign-in" underline="always">
          Sign in
        </TextLink>
      </Text>
    </PlainPage>
  );
}
