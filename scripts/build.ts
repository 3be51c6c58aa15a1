import { ensureBuilt, ensureGenerated } from "@/lib/boot/build";

// Builds the production app as a first start would, unless it is up to date already.
const { signal } = new AbortController();
await ensureGenerated(signal);
await ensureBuilt(signal);
