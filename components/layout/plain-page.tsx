import { Container, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Logo } from "./logo";

/** A page outside a project: one narrow column below the name. */
export function PlainPage({ children, wide = false }: { children: ReactNode; wide?: boolean }) {
  return (
    <Container component="main" size={wide ? 720 : 400} py={{ base: 32, sm: 72 }} px="md">
      <Stack gap="xl">
        <Logo />
        {children}
      </Stack>
    </Container>
  );
}
