"use client";

import { useNow } from "@/components/status/now";
import { type Standing, standingSentence } from "@/lib/workflows/present";

/** How a workflow stands, in a sentence that is true as time passes. */
export function StandingWords({ standing }: { standing: Standing }) {
  return <>{standingSentence(standing, useNow())}</>;
}
