#!/usr/bin/env bash
# A client of Bulk Data, as the specification advises clients to be: https://hl7.org/fhir/uv/bulkdata/export.html
#
#   samples/bulk-export.sh 'http://localhost:5080/fhir/Patient/$export?_type=Patient,Observation' FOLDER
#
# TOKEN: an access token, where the server takes one. PARALLEL: files that are fetched at once (4). Needs curl and jq.
set -euo pipefail

url=${1:?the address of an export, with its parameters}
folder=${2:?the folder for its files}
auth=()
if [ -n "${TOKEN:-}" ]; then
  auth=(-H "Authorization: Bearer $TOKEN")
fi

mkdir -p "$folder"
heads=$(mktemp)
trap 'rm -f "$heads"' EXIT

header() {
  tr -d '\r' <"$heads" | sed -n "s/^$1: *//Ip" | tail -n 1
}

# The status of the answer; its body goes to a file, its headers to $heads.
ask() {
  local body=$1
  shift
  curl -sS -o "$body" -D "$heads" -w '%{http_code}' "${auth[@]}" "$@"
}

# Kick-off. Too many at once: the server says when to come back.
while true; do
  code=$(ask "$folder/kick-off.json" -H 'Accept: application/fhir+json' -H 'Prefer: respond-async' "$url")
  [ "$code" = 429 ] || break
  sleep "$(header Retry-After)"
done

if [ "$code" != 202 ]; then
  echo "The export was refused with $code:" >&2
  jq -r '.issue[]?.diagnostics' "$folder/kick-off.json" >&2
  exit 1
fi
status=$(header Content-Location)

# Polling: as often as the server says, else ever more rarely.
pause=1
while true; do
  code=$(ask "$folder/manifest.json" -H 'Accept: application/json' "$status")
  case $code in
    200) break ;;
    202 | 429 | 503)
      after=$(header Retry-After)
      echo "$code $(header X-Progress)" >&2
      sleep "${after:-$pause}"
      pause=$((pause < 60 ? pause * 2 : 60))
      ;;
    *)
      echo "The export failed with $code:" >&2
      jq -r '.issue[]?.diagnostics' "$folder/manifest.json" >&2
      exit 1
      ;;
  esac
done

# Files: several at once, compressed on their way, with a token only where the manifest asks for one.
FILE_TOKEN=""
if [ "$(jq -r .requiresAccessToken "$folder/manifest.json")" = true ]; then
  FILE_TOKEN=${TOKEN:-}
fi

fetch() {
  local name
  name=${1%%\?*}
  curl -sSf --compressed --retry 3 ${FILE_TOKEN:+-H "Authorization: Bearer $FILE_TOKEN"} -o "$folder/${name##*/}" "$1"
}

export -f fetch
export folder FILE_TOKEN
jq -r '(.output + (.deleted // []) + (.error // []))[].url' "$folder/manifest.json" |
  xargs -r -n 1 -P "${PARALLEL:-4}" bash -c 'fetch "$1"' _

# Each file has as many lines as the manifest says.
jq -r '.output[] | "\(.count) \(.url)"' "$folder/manifest.json" | while read -r count address; do
  name=${address%%\?*}
  lines=$(wc -l <"$folder/${name##*/}")
  if [ "$lines" != "$count" ]; then
    echo "${name##*/} has $lines lines, and not $count." >&2
    exit 1
  fi
done

# The files are here: the server need not keep them.
code=$(ask "$folder/deleted.json" -X DELETE "$status")
[ "$code" = 202 ]
rm -f "$folder/deleted.json" "$folder/kick-off.json"
jq -r .transactionTime "$folder/manifest.json"
