#!/usr/bin/env bash
# Reads what a server holds over its REST interface, type by type and page by page, into NDJSON files for `import`:
#   export.sh http://localhost:5080/fhir FOLDER [TYPE...]
# docs/operators/upgrade.md. It needs curl and jq.
set -euo pipefail
base=$1 folder=$2
shift 2

for program in curl jq; do
  command -v "$program" > /dev/null || { echo "$program is not installed." >&2; exit 2; }
done
types=$*
metadata=$(curl -sf "$base/metadata") || { echo "No FHIR server answers at $base." >&2; exit 2; }
[ -n "$types" ] || types=$(jq -r '.rest[0].resource[].type' <<< "$metadata")
mkdir -p "$folder"
for type in $types; do
  file=$folder/$type.ndjson
  : > "$file"
  next="$base/$type?_count=500"
  while [ -n "$next" ]; do
    page=$(curl -sfS -H 'Accept: application/fhir+json' "$next")
    # What servers keep of themselves is no data: the definitions of operations, and the answers under an Idempotency-Key.
    jq -c --arg base "$base" '.entry[]? | select(.search.mode == "match") | .resource
      | select((.resourceType == "Basic" and (.id | startswith("idempotency-"))) | not)
      | select((.resourceType == "OperationDefinition" and (.url // "" | startswith($base))) | not)
      | select((.resourceType == "Device" and .id == "carecoordination") | not)
      | select((.resourceType == "SearchParameter" and (.url // "" | startswith("https://carecoordination.example/"))) | not)' \
      <<< "$page" >> "$file"
    next=$(jq -r '[.link[]? | select(.relation == "next") | .url][0] // ""' <<< "$page")
  done
  if [ -s "$file" ]; then echo "$type: $(wc -l < "$file")"; else rm "$file"; fi
done
