// A client of Bulk Data as the specification advises clients to be, with nothing but Node: https://hl7.org/fhir/uv/bulkdata/export.html
//
//   node bulk-data.mjs 'Patient/$export?_type=Patient,Observation' FOLDER
//
// FHIR_BASE: the server. CLIENT_ID, CLIENT_KEY (a PEM file) and CLIENT_KID: a client of SMART Backend Services, where the server asks for
// tokens. PARALLEL: files that are fetched at once (4). The folder has the files and manifest.json then; the last line is what the next
// export gives as _since.
import assert from "node:assert/strict";
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const [request, folder] = process.argv.slice(2);
if (!request || !folder) {
  console.error("Usage: node bulk-data.mjs EXPORT FOLDER");
  process.exit(2);
}

const { FHIR_BASE = "http://localhost:5080/fhir", CLIENT_ID, CLIENT_KEY, CLIENT_KID, PARALLEL = "4" } = process.env;
const MAX_TRIES = 8;
const MAX_SECONDS = 60;

class Refused extends Error {}

// --- Who asks: https://hl7.org/fhir/smart-app-launch/backend-services.html

let token;

async function authorization() {
  if (!CLIENT_ID) return {};
  // Tokens of such clients live for minutes: a new one is asked for before the old one ends.
  if (!token || token.endsAt < Date.now() + 30_000) token = await newToken();
  return { authorization: `Bearer ${token.value}` };
}

async function newToken() {
  const found = await ask(`${FHIR_BASE}/.well-known/smart-configuration`, {}, { isOpen: true });
  const { token_endpoint } = await found.json();
  const key = createPrivateKey(readFileSync(CLIENT_KEY));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = { alg: key.asymmetricKeyType === "ec" ? "ES384" : "RS384", kid: CLIENT_KID, typ: "JWT" };
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: CLIENT_ID, sub: CLIENT_ID, aud: token_endpoint, exp: now + 240, jti: randomUUID() };
  const signed = `${part(head)}.${part(claims)}`;
  const signature = sign("sha384", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  const body = new URLSearchParams({
    grant_type: "client_credentials",
    scope: "system/*.rs",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${signed}.${signature}`,
  });
  const answer = await fetch(token_endpoint, { method: "POST", body });
  const given = await answer.json();
  if (!answer.ok) throw new Refused(`No token: ${given.error} ${given.error_description ?? ""}`);
  return { value: given.access_token, endsAt: Date.now() + given.expires_in * 1000 };
}

// --- One request: what passes by itself is tried again, as late as the server says, else ever more rarely.

async function ask(url, headers, { method = "GET", isOpen = false } = {}) {
  for (let tries = 1; ; tries++) {
    let answer;
    try {
      answer = await fetch(url, { method, headers: { ...headers, ...(isOpen ? {} : await authorization()) } });
    } catch (error) {
      if (error instanceof Refused || tries >= MAX_TRIES) throw error;
      await pause(backOff(tries) * 1000);
      continue;
    }
    if (answer.ok) return answer;
    const body = await answer.text();
    // A token may have been ended before its time: one new one is worth a try.
    if (answer.status === 401 && token && tries === 1) token = undefined;
    else if (tries >= MAX_TRIES || !passes(answer.status, body)) throw new Refused(`${answer.status}: ${sentences(body)}`);
    else await pause(secondsOf(answer, backOff(tries)) * 1000);
  }
}

// https://hl7.org/fhir/uv/bulkdata/export.html#response---error-status-1: "transient" says that asking again may help.
const passes = (status, body) => status === 429 || status === 503 || (status >= 500 && /"code"\s*:\s*"transient"/.test(body));

const backOff = (tries) => Math.min(2 ** (tries - 1), MAX_SECONDS) * (0.5 + Math.random() / 2);

/** Seconds, or a date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after */
function secondsOf(answer, otherwise) {
  const after = answer.headers.get("retry-after");
  if (after === null) return otherwise;
  const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : otherwise;
}

function sentences(body) {
  try {
    return JSON.parse(body).issue.map((issue) => issue.diagnostics ?? issue.details?.text).join(" ");
  } catch {
    return body.slice(0, 200);
  }
}

// --- The export

async function begin() {
  const headers = { accept: "application/fhir+json", prefer: "respond-async" };
  const answer = await ask(`${FHIR_BASE}/${request}`, headers);
  await answer.arrayBuffer();
  assert.equal(answer.status, 202, "An export is accepted with 202.");
  return new URL(answer.headers.get("content-location"), `${FHIR_BASE}/`).href;
}

async function end(status) {
  for (let looks = 1; ; looks++) {
    const answer = await ask(status, { accept: "application/json" });
    if (answer.status === 200) return answer.json();
    await answer.arrayBuffer();
    console.error(`${answer.status} ${answer.headers.get("x-progress") ?? ""}`);
    await pause(secondsOf(answer, backOff(looks)) * 1000);
  }
}

/** A file, compressed on its way; where that is cut, the rest of it as it is. */
async function fetchFile(file, isOpen) {
  const path = join(folder, new URL(file.url).pathname.split("/").pop());
  const to = await open(path, "w");
  let have = 0;
  for (let tries = 1; have === 0 || have !== file.fileSize; tries++) {
    const part = have > 0 ? { range: `bytes=${have}-`, "accept-encoding": "identity" } : { "accept-encoding": "gzip" };
    const answer = await ask(file.url, { accept: "application/fhir+ndjson", ...part }, { isOpen });
    // Who knows no ranges sends all of it again.
    if (answer.status !== 206) have = 0;
    try {
      for await (const chunk of answer.body) have += (await to.write(chunk, 0, chunk.length, have)).bytesWritten;
      break;
    } catch (error) {
      if (tries >= MAX_TRIES) throw error;
      console.error(`${path} was cut at ${have} bytes; it goes on there.`);
      await pause(backOff(tries) * 1000);
    }
  }
  await to.truncate(have);
  await to.close();
  const lines = readFileSync(path, "utf8").split("\n").filter((line) => line.length > 0);
  for (const line of lines) assert.equal(JSON.parse(line).resourceType, file.type, `${path} has other types.`);
  if (file.count !== undefined) assert.equal(lines.length, file.count, `${path} has not as many lines as are said.`);
}

async function fetchAll(manifest) {
  const files = [...manifest.output, ...(manifest.deleted ?? []), ...(manifest.error ?? [])];
  const worker = async () => {
    for (let file = files.shift(); file; file = files.shift()) await fetchFile(file, !manifest.requiresAccessToken);
  };
  await Promise.all(Array.from({ length: Number(PARALLEL) }, worker));
}

try {
  mkdirSync(folder, { recursive: true });
  const status = await begin();
  let manifest;
  try {
    manifest = await end(status);
    await fetchAll(manifest);
  } finally {
    // The files are here, or nobody will fetch them: the server need not keep them.
    await ask(status, {}, { method: "DELETE" });
  }
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest, null, 2));
  console.log(manifest.transactionTime);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
