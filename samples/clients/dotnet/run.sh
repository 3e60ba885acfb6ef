#!/usr/bin/env bash
# Generates clients with NSwag and Kiota from the committed document, compiles them and has them work against a server:
# run.sh [base of FHIR]. ../run.sh calls it.
set -euo pipefail
cd "$(dirname "$0")"

export FHIR_BASE=${1:-http://localhost:5080/fhir}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 KIOTA_CLI_TELEMETRY_OPTOUT=1 KIOTA_OFFLINE_ENABLED=true
document=../../../openapi/carecoordination.json generated=../generated/dotnet

dotnet tool restore > /dev/null
rm -rf "$generated"
mkdir -p "$generated"
# NSwag takes the whole document; Kiota takes paths, as its documentation asks for where a document is large.
dotnet nswag openapi2csclient "/input:$document" "/output:$generated/NSwag.cs" /namespace:Care.NSwag > "$generated/nswag.log" ||
  { cat "$generated/nswag.log" >&2; exit 1; }
dotnet kiota generate --language CSharp --openapi "$document" --output "$generated/kiota" --namespace-name Care.Kiota \
  --class-name CareClient --exclude-backward-compatible --log-level Error --include-path /fhir/Patient --include-path /fhir/Practitioner \
  --include-path /fhir/Task --include-path '/fhir/Task/{id}' --include-path '/fhir/Task/{id}/$claim' > "$generated/kiota.log" ||
  { cat "$generated/kiota.log" >&2; exit 1; }

dotnet build Stories.csproj -v quiet -clp:ErrorsOnly -nologo > "$generated/build.log" || { cat "$generated/build.log" >&2; exit 1; }
dotnet bin/Debug/net10.0/Stories.dll
