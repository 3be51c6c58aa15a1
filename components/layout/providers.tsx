"use client";

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { cssVariables, theme } from "./theme";

/** Where the package that holds the page still behind a dialog looks for the nonce of its style sheet. */
function nameNonce(nonce: string): void {
  if (typeof window !== "undefined") Object.assign(window, { __webpack_nonce__: nonce });
}

/**
 * What every page stands on. `nonce` is the one of this document's Content-Security-Policy; a later rendering comes with
 * another, which is of no use here, because the policy is that of the first.
 */
export function Providers({ nonce: latest, children }: { nonce: string; children: ReactNode }) {
  const [nonce] = useState(latest);
  nameNonce(nonce);
  // Without a connection a request fails and is told, instead of waiting to be sent when nobody thinks of it any more.
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: { mutations: { retry: false, networkMode: "always" }, queries: { networkMode: "always" } },
      }),
  );
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={client}>
        {children}
        <Notifications position="bottom-right" />
      </QueryClientProvider>
    </MantineProvider>
  );
}
