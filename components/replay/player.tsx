"use client";

import { ActionIcon, Button, NativeSelect, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import {
  IconCheck,
  IconChevronLeft,
  IconChevronRight,
  IconLink,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { SPEEDS, type Speed } from "@/lib/replay/page/play";
import classes from "./deck.module.css";
import { addressOf } from "./use-address";

/** Where a button leads to; what that is, the step that is chosen then decides. */
export type Go = "first" | "previous" | "next" | "last" | "toggle";

type ButtonProps = {
  isFirst: boolean;
  isLast: boolean;
  isPlaying: boolean;
  speed: Speed;
  onGo: (to: Go) => void;
  onSpeed: (speed: Speed) => void;
};

type Props = ButtonProps & {
  text: string;
  /** The step that is chosen at the moment. */
  stepNow: () => number;
};

/** The buttons below the scrubber, and which step is shown. */
export function Player({ text, stepNow, ...buttons }: Props) {
  return (
    <div className={classes["player"]}>
      <Buttons {...buttons} />
      <p className={classes["where"]} title={text} data-testid="where">
        {text}
      </p>
      <CopyLink stepNow={stepNow} speed={buttons.speed} />
    </div>
  );
}

/** They stay as they are while one goes from step to step. */
const Buttons = memo(function Buttons({ isFirst, isLast, isPlaying, speed, onGo, onSpeed }: ButtonProps) {
  const chooseSpeed = (value: string): void => onSpeed(SPEEDS.find((one) => String(one) === value) ?? 1);
  return (
    <div className={classes["buttons"]}>
      <Act label="First step" isOff={isFirst} onClick={() => onGo("first")}>
        <IconPlayerSkipBack size={18} />
      </Act>
      <Act label="Previous step" keys="[" isOff={isFirst} onClick={() => onGo("previous")}>
        <IconChevronLeft size={20} />
      </Act>
      <Tooltip label={`${isPlaying ? "Pause" : "Play"} (space)`}>
        <ActionIcon size="lg" radius="xl" onClick={() => onGo("toggle")} aria-label={isPlaying ? "Pause" : "Play"}>
          {isPlaying ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        </ActionIcon>
      </Tooltip>
      <Act label="Next step" keys="]" isOff={isLast} onClick={() => onGo("next")}>
        <IconChevronRight size={20} />
      </Act>
      <Act label="Last step" isOff={isLast} onClick={() => onGo("last")}>
        <IconPlayerSkipForward size={18} />
      </Act>
      <NativeSelect
        aria-label="Speed"
        size="sm"
        w={76}
        value={String(speed)}
        data={SPEEDS.map((value) => ({ value: String(value), label: `×${value}` }))}
        onChange={(event) => chooseSpeed(event.currentTarget.value)}
      />
    </div>
  );
});

type ActProps = { label: string; keys?: string; isOff: boolean; onClick: () => void; children: ReactNode };

function Act({ label, keys, isOff, onClick, children }: ActProps) {
  return (
    <Tooltip label={keys === undefined ? label : `${label} (${keys})`}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} disabled={isOff} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** Copies the address of this step, which the address bar may be about to show. */
const CopyLink = memo(function CopyLink({ stepNow, speed }: { stepNow: () => number; speed: Speed }) {
  const { copied, copy } = useClipboard();
  return (
    <Button
      variant="default"
      size="sm"
      leftSection={copied ? <IconCheck size={16} /> : <IconLink size={16} />}
      onClick={() => copy(addressOf({ step: stepNow(), speed }).href)}
    >
      {copied ? "Copied" : "Copy link"}
    </Button>
  );
});
