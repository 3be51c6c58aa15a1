import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/auth/sign-in-form";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";
import { canMail } from "@/lib/auth/letter";
import { outsideProviderIds } from "@/lib/auth/options";
import { ownPath } from "@/lib/auth/own-path";
import { findViewer } from "@/lib/auth/page";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Sign in" };

const PROBLEMS: Record<string, string> = {
  AccessDenied: "This account may not sign in here. Ask for an invitation.",
};

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, error } = await searchParams;
  if ((await findViewer()) !== null) redirect(ownPath(next) as "/");
  const problem = typeof error === "string" ? (PROBLEMS[error] ?? "Signing in did not work. Try again.") : null;
  return (
    <PlainPage>
      <Title order={1}>Sign in</Title>
      <SignInForm providers={outsideProviderIds()} canMail={canMail()} next={ownPath(next)} problem={problem} />
      {env().SIGNUPS === "open" && (
        <Text size="sm">
          New here?{" "}
          <TextLink href="/sign-up" underline="always">
            Sign up
          </TextLink>
        </Text>
      )}
    </PlainPage>
  );
}
