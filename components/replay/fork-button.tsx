"use client";

import { Button, type ButtonProps } from "@mantine/core";
import { useState } from "react";
import { ForkDialog, type Origin } from "./fork-dialog";

type Props = ButtonProps & {
  projectId: string;
  instance: Origin;
  stages: string[];
  /** The stage to fork from; null to begin anew. */
  from: string | null;
};

/** A button that opens the dialog that makes a new instance from this one. */
export function ForkButton({ projectId, instance, stages, from, ...props }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" {...props} onClick={() => setOpen(true)}>
        {from === null ? "Run again" : "Fork from here"}
      </Button>
      <ForkDialog
        projectId={projectId}
        instance={instance}
        stages={stages}
        from={from}
        opened={isOpen}
        onClose={() => setOpen(false)}
      />
    </>
  );
}
