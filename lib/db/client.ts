import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";
import { pool } from "./pool";

const clients = new WeakMap<object, PrismaClient>();

/** Prisma over the process's one pool: for everything people click. Signals and deadlines use the pool itself. */
export function prisma(): PrismaClient {
  const current = pool();
  const known = clients.get(current) ?? new PrismaClient({ adapter: new PrismaPg(current) });
  clients.set(current, known);
  return known;
}
