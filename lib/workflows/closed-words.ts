/** What is said to whoever asks something of an instance that is paused or over. */
export const CLOSED_WORDS = {
  instance_paused: "The instance is paused.",
  instance_completed: "The instance has completed.",
  instance_failed: "The instance has failed.",
  instance_terminated: "The instance was terminated.",
} as const;
