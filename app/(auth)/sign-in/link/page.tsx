import { Text, Title } from "@mantine/core";
import type { Metadata } from "next";
import { ConfirmLink } from "@/components/auth/confirm-link";
import { PlainPage } from "@/components/layout/plain-page";
import { TextLink } from "@/components/layout/text-link";
import { findLink } from "@/lib/auth/links";
import { ownPath } from "@/lib/auth/own-path";

export const metadata: Metadata = { title: "Sign in by link" };

export default async function LinkPage({ searchParams }: PageProps<"/sign-in/link">) {
  const { token, next } = await searchParams;
  const found = typeof token === "string" ? await findLink(token) : null;
  return (
    <PlainPage>
      <Title order={1}>{found?.purpose === "sign_up" ? "Confirm your address" : "Sign in"}</Title>
      {found === null || typeof token !== "string" ? (
        <Text>
          This link has been used or is too old.{" "}
          <TextLink href="/sign-in" underline="always">
            Ask for a new one
          </TextLink>
        </Text>
      ) : (
        <ConfirmLink token={token} email={found.email} next={ownPath(next)} />
      )}
    </PlainPage>
  );
}
