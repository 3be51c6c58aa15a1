"use client";

import { LinkButton } from "@/components/layout/link-button";
import { compareHref } from "@/lib/replay/compare-address";
import { ForkButton } from "./fork-button";
import type { Origin } from "./fork-dialog";

type Props = { projectId: string; instance: Origin; stages: string[]; canWrite: boolean };

/** What can be done with an instance to understand or repeat it. */
export function InstanceActions({ canWrite, ...forking }: Props) {
  return (
    <>
      <LinkButton variant="default" href={compareHref(forking.projectId, forking.instance.id)}>
        Compare…
      </LinkButton>
      {canWrite && <ForkButton {...forking} from={null} />}
    </>
  );
}
