"use client";

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";

const NowContext = createContext(0);
const TICK_MS = 1000;

/** The server's clock for everything below, ticking: the browser's own may be wrong. Epoch milliseconds. */
export function NowProvider({ serverNow, children }: { serverNow: number; children: ReactNode }) {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const offset = serverNow - performance.now();
    setNow(serverNow);
    const timer = setInterval(() => setNow(Math.round(performance.now() + offset)), TICK_MS);
    return () => clearInterval(timer);
  }, [serverNow]);
  return <NowContext value={now}>{children}</NowContext>;
}

export const useNow = (): number => useContext(NowContext);
