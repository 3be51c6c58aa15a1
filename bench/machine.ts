import { cpus, totalmem } from "node:os";

export type Machine = {
  date: string;
  cores: number;
  processor: string;
  memoryGb: number;
  node: string;
  platform: string;
};

/** What the figures were measured on. */
export function machine(): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    cores: processors.length,
    processor: processors[0]?.model ?? "unknown",
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
  };
}
