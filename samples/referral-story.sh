#!/usr/bin/env bash
# The whole loop of a referral, told by a server and a simulated partner that this script starts and ends:
# dispatch, a line that breaks after the partner had it, acceptance, a missed appointment, the report, the closed loop.
# The same requests one by one: http/referral-story.http.
set -euo pipefail
cd "$(dirname "$0")/.."

# Ports of their own, so that a server of yours keeps its data for itself.
port=${STORY_PORT:-5081}
partner_port=${STORY_PARTNER_PORT:-5091}
base=http://127.0.0.1:$port/fhir
partner=http://127.0.0.1:$partner_port
for taken in "$port" "$partner_port"; do
  if (exec 3<>"/dev/tcp/127.0.0.1/$taken") 2>/dev/null; then
    echo "Something listens on port $taken already: set STORY_PORT or STORY_PARTNER_PORT to a free one." >&2
    exit 2
  fi
done
data="$(mktemp -d)"

dotnet build -v q -nologo src/CareCoordination.Server
dotnet build -v q -nologo samples/CareCoordination.PartnerSimulator
ConnectionStrings__CareCoordination="Data Source=$data/story.db" \
  dotnet run --no-build --project src/CareCoordination.Server -- --urls "http://127.0.0.1:$port" >"$data/server.log" 2>&1 &
server=$!
dotnet run --no-build --project samples/CareCoordination.PartnerSimulator -- --as community --port "$partner_port" >"$data/partner.log" 2>&1 &
simulator=$!
trap 'kill $server $simulator 2>/dev/null; wait 2>/dev/null; rm -rf "$data"' EXIT

# Sends a request, again and again until it is answered well: what leads to it needs a moment.
ask() {
  local method=$1 url=$2 body=${3:-}
  for _ in $(seq 100); do
    if curl -sf -X "$method" -H 'Content-Type: application/fhir+json' ${body:+-d "$body"} "$url"; then return; fi
    sleep 0.2
  done
  echo "$method $url was not answered well." >&2
  return 1
}

value() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1; }
say() { printf '\n== %s\n' "$1"; }
recipient() { ask POST "$partner/_recipient" "{\"step\":\"$1\",\"referral\":\"$task\",\"tell\":\"$base\"}" >/dev/null; }
work() { ask GET "$base/Task?based-on=ServiceRequest/story&code=$1" | value description; }
status() { ask GET "$base/Task/$task" | sed -n 's/.*"status":"\([a-z-]*\)","\(intent\|businessStatus\|statusReason\).*/\1/p'; }

say "A patient, a request for meals, and an Endpoint that is nothing but an address"
ask PUT "$base/Patient/story" '{"resourceType":"Patient","id":"story","name":[{"family":"Hollowell"}]}' >/dev/null
ask PUT "$base/Organization/story" '{"resourceType":"Organization","id":"story","name":"Meals on Wheels"}' >/dev/null
ask PUT "$base/Endpoint/story" "{\"resourceType\":\"Endpoint\",\"id\":\"story\",\"status\":\"active\",\"connectionType\":{\"code\":\"hl7-fhir-rest\"},\"payloadType\":[{\"text\":\"Referral\"}],\"address\":\"$partner/fhir\"}" >/dev/null
ask PUT "$base/ServiceRequest/story" '{"resourceType":"ServiceRequest","id":"story","status":"active","intent":"order","code":{"text":"Meals at home"},"subject":{"reference":"Patient/story"},"performer":[{"reference":"Organization/story"}]}' >/dev/null

say "It is dispatched; the partner gets it, but the line breaks before it can say so"
ask POST "$partner/_script" '{"fault":"DropAfter","method":"POST","path":"Task"}' >/dev/null
task=$(ask POST "$base/ServiceRequest/story/\$dispatch" '{"resourceType":"Parameters","parameter":[{"name":"endpoint","valueReference":{"reference":"Endpoint/story"}}]}' | value id)
echo "Task/$task"

say "It was sent again, the partner has it once, and accepts it"
recipient accept
echo "The Task is $(status)"

say "An appointment, to which the patient does not come"
recipient schedule
recipient no-show
echo "Somebody is asked: $(work reach-out)"

say "Another one; it is done, and there is a report"
recipient schedule
recipient complete
echo "The Task is $(status). Somebody is asked: $(work close-loop)"

say "The loop is closed"
ask POST "$base/ServiceRequest/story/\$close-loop" >/dev/null
echo "In two weeks somebody is asked: $(work ask-whether-it-helped)"

say "What had an effect at the partner"
ask GET "$partner/_effects"
echo
