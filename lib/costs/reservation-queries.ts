import type { Caller } from "@/lib/auth/caller";
import { type Page, toPage } from "@/lib/core/cursor";
import { dollars } from "@/lib/core/money";
import { pool } from "@/lib/db/pool";
import { requireInstance } from "@/lib/workflows/read/own";
import { MICROS, MOMENT, momentCursor } from "@/lib/workflows/read/position";
import { type ListReservations, RESERVATION_ID, type Reservation } from "./reservation-schema";

type Row = { id: string; cost_micros: number; created_at: Date; expires_at: Date; micros: number };

const isId = (second: string | number): second is string => RESERVATION_ID.test(String(second));

function toReservation({ id, cost_micros: cost, created_at: made, expires_at: expires }: Row): Reservation {
  return {
    reservation_id: id,
    reserved_usd: dollars(cost),
    created_at: made.toISOString(),
    expires_at: expires.toISOString(),
  };
}

/** What is held for an instance, the first to be over first; nothing once it has ended. Throws `not_found` and `forbidden`. */
export async function listReservations(
  caller: Caller,
  instanceId: string,
  { limit, cursor }: ListReservations,
): Promise<Page<Reservation>> {
  await requireInstance(caller, instanceId, pool());
  const [at = null, id = null] = momentCursor(cursor, isId) ?? [];
  const { rows } = await pool().query<Row>({
    name: "list-reservations",
    text: `SELECT r.id, r.cost_micros, r.created_at, r.expires_at, ${MICROS("r.expires_at")} AS micros
             FROM cost_reservations r JOIN instances i ON i.project_id = r.project_id AND i.id = r.instance_id
            WHERE r.project_id = $1 AND r.instance_id = $2 AND r.expires_at > now() AND i.status IN ('running', 'paused')
              AND ($3::float8 IS NULL OR (r.expires_at, r.id) > (${MOMENT("$3")}, $4))
            ORDER BY r.expires_at, r.id LIMIT $5`,
    values: [caller.projectId, instanceId, at, id, limit + 1],
  });
  const { items, nextCursor } = toPage(rows, limit, ({ micros, id: last }) => [micros, last]);
  return { items: items.map(toReservation), nextCursor };
}
