"use client";

import { Button, type ButtonProps } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

/** `scroll` of false leaves the page where it is. */
type Props = ButtonProps & { href: string; scroll?: boolean; children: ReactNode };

/** A link that looks like a button; usable from server components, which cannot pass Next's link themselves. */
export function LinkButton({ href, children, ...props }: Props) {
  return (
    <Button component={Link} href={href as "/"} {...props}>
      {children}
    </Button>
  );
}
