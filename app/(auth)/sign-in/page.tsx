import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { SignInForm } from "@/components/auth/sign-in-form";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";
import { canMail } from "@/lib/auth/letter";
import { listProviderNames } from "@/lib/auth/outside";
import { ownPath } from "@/lib/auth/own-path";
import { findViewer } from "@/lib/auth/page";
import { problemWords } from "@/lib/auth/problem-words";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Sign in" };

export default async function SignInPage({ searchParams }: PageProps<"/sign-in">) {
  const { next, error, callbackUrl } = await searchParams;
  const goal = ownPath(next ?? String(callbackUrl ?? "").replace(env().BASE_URL, ""));
  if ((await findViewer()) !== null) redirect(goal as "/");
  // With an address to go on to and no code, next-auth lacked its cookie.
  const code = error ?? (callbackUrl === undefined ? null : "Cookies");
  const problem = code === null ? null : problemWords(String(code));
  return (
    <PlainPage>
      <Title order={1}>Sign in</Title>
      <SignInForm providers={listProviderNames()} canMail={canMail()} next={goal} problem={problem} />
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
