"use client";

import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { signIn } from "next-auth/react";
import { reachServer } from "@/lib/auth/client";
import type { ProviderName } from "@/lib/auth/outside";

type Props = { providers: ProviderName[]; next: string; onFailure: (words: string) => void };

/** Leads to the sites that can vouch for a person here; nothing where none is set up. */
export function ProviderButtons({ providers, next, onFailure }: Props) {
  const leave = useMutation({
    mutationFn: async (id: string) => {
      await reachServer();
      await signIn(id, { callbackUrl: next });
    },
    onError: (error) => onFailure(error.message),
  });
  return (
    <>
      {providers.map(({ id, name }) => (
        <Button
          key={id}
          variant="default"
          loading={(leave.isPending || leave.isSuccess) && leave.variables === id}
          onClick={() => leave.mutate(id)}
        >
          Sign in with {name}
        </Button>
      ))}
    </>
  );
}
