#!/usr/bin/env bash
# The whole path in about two minutes: a check that goes silent alerts by webhook and e-mail, and recovers.
# Needs a running server (ALLOW_PRIVATE_TARGETS=127.0.0.0/8 npm start) and its API key:
#   API_KEY=pt_… scripts/try-it.sh
set -euo pipefail
cd "$(dirname "$0")/.."
: "${API_KEY:?set API_KEY to the key that the first start printed}"
BASE_URL=${BASE_URL:-http://localhost:3000}
RECEIVER_PORT=${RECEIVER_PORT:-4000}

api() { curl -fsS -X "$1" "$BASE_URL$2" -H "X-Api-Key: $API_KEY" -H "Content-Type: application/json" ${3:+-d "$3"}; }
field() { node -pe "JSON.parse(require('fs').readFileSync(0, 'utf8'))$1"; }

project=$(api GET /api/projects | field '.projects[0].id')
secret=$(api GET "/api/projects/$project" | field .webhook_secret)

log=$(mktemp)
node --import tsx scripts/receive-webhooks.ts "$secret" "$RECEIVER_PORT" >"$log" &
receiver=$!
trap 'kill $receiver 2>/dev/null; rm -f "$log"' EXIT

hook=$(api POST /api/channels "{\"kind\":\"webhook\",\"name\":\"try-it webhook\",\"config\":{\"url\":\"http://127.0.0.1:$RECEIVER_PORT/\"}}" | field .id)
mail=$(api POST /api/channels '{"kind":"email","name":"try-it mail","config":{"to":"you@example.org"}}' | field .id)
check=$(api POST /api/v3/checks/ "{\"name\":\"try-it\",\"timeout\":60,\"grace\":60,\"channels\":\"$hook,$mail\"}")
ping_url=$(field .ping_url <<<"$check")
uuid=$(field .uuid <<<"$check")

wait_for() { # event, seconds
  for ((i = 0; i < $2; i++)); do
    if grep -q "\"type\":\"$1\"" "$log"; then return; fi
    sleep 1
  done
  echo "no $1 within $2 seconds" >&2
  exit 1
}

echo "1. The job reports: curl $ping_url"
curl -fsS "$ping_url" && echo
echo "2. Now it is silent. One minute of period and one of grace must pass …"
wait_for check.down 150
echo "3. The webhook arrived:"
cat "$log"
echo "4. The mail, as it was sent or, without RESEND_API_KEY, as it is kept in the delivery log:"
api GET "/api/deliveries?channel_id=$mail" | field '.deliveries.map((one) => one.status + "  " + one.subject).join("\n")'
echo "5. The job reports again: curl $ping_url"
curl -fsS "$ping_url" && echo
wait_for check.up 30
echo "6. And the recovery arrived. What was recorded:"
api GET "/api/v3/checks/$uuid/flips/" && echo
api DELETE "/api/v3/checks/$uuid" >/dev/null
api DELETE "/api/channels/$hook" >/dev/null
api DELETE "/api/channels/$mail" >/dev/null
echo "Cleaned up. That was the whole path."
