#!/usr/bin/env bash
# Runs clients of others against a server: run.sh [base of FHIR]. The first run installs them from npm and NuGet.
set -euo pipefail
cd "$(dirname "$0")"

export FHIR_BASE=${1:-http://localhost:5080/fhir}
if ! curl -sf -o /dev/null "$FHIR_BASE/metadata"; then
  echo "No FHIR server answers at $FHIR_BASE: start one, or give its base." >&2
  exit 2
fi
# The tools tell nobody that they were used, and ask nobody for a newer version.
export DO_NOT_TRACK=1 REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true NO_UPDATE_NOTIFIER=1 CI=1
[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund --ignore-scripts --loglevel=error

npm run --silent lint
npm run --silent clients
npm run --silent typescript
bash dotnet/run.sh "$FHIR_BASE"
