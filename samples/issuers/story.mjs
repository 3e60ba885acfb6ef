// What clients of an outside issuer live through: story.mjs PORT AUDIENCE BASE. The issuer listens on the port, clients get its tokens and
// show them to the server at the base, which was started with the issuer in its settings (README.md).
import assert from "node:assert/strict";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout } from "node:timers/promises";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { newIssuer } from "./issuer.mjs";

const [port, audience, base] = process.argv.slice(2);
const id = `http://127.0.0.1:${port}`;

/** The server was there before its issuer: it says when to come again. */
async function whenItAnswers(url) {
  for (let tries = 0; ; tries++) {
    const answer = await fetch(url);
    if (answer.status !== 503 || tries === 10) return answer;
    await setTimeout(1000 * Number(answer.headers.get("retry-after")));
  }
}

async function newKey(alg) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const kid = randomUUID();
  return {
    kid,
    alg,
    privateKey,
    public: { ...(await exportJWK(publicKey)), kid, alg, use: "sig" },
    private: { ...(await exportJWK(privateKey)), kid, alg, use: "sig" },
  };
}

const [signing, another, ofClient] = await Promise.all([newKey("ES256"), newKey("RS256"), newKey("ES384")]);
const issuer = newIssuer(id, audience, { keys: [signing.private, another.private] }, { keys: [ofClient.public] });
const listening = createServer(issuer.callback()).listen(Number(port), "127.0.0.1");
await new Promise((resolve) => listening.once("listening", resolve));
const metadata = await (await fetch(`${id}/.well-known/openid-configuration`)).json();
// A statement that points elsewhere would send apps elsewhere.
const smart = await (await whenItAnswers(`${base}/.well-known/smart-configuration`)).json();
assert.equal(smart.token_endpoint, metadata.token_endpoint);
assert.equal(smart.authorization_endpoint, metadata.authorization_endpoint);
assert.ok(smart.capabilities.includes("client-confidential-asymmetric"), smart.capabilities.join());

/** https://hl7.org/fhir/smart-app-launch/backend-services.html */
async function backend(client, more = {}) {
  const assertion = await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: ofClient.alg, kid: ofClient.kid })
    .setIssuer(client)
    .setSubject(client)
    .setAudience(id)
    .setExpirationTime("2m")
    .sign(ofClient.privateKey);
  const answer = await post(smart.token_endpoint, {
    grant_type: "client_credentials",
    scope: "system/*.cruds",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
    ...more,
  });
  const token = await answer.json();
  assert.equal(answer.status, 200, JSON.stringify(token));
  return token;
}

function post(url, form, headers = {}) {
  return fetch(url, { method: "POST", body: new URLSearchParams(form), headers, redirect: "manual" });
}

function ask(token, path = "Patient?_id=nobody") {
  return fetch(`${base}/${path}`, { headers: token ? { Authorization: `Bearer ${token}` } : {} });
}

async function isTaken(token, what) {
  const { status } = await ask(token);
  assert.ok(status === 200 || status === 403, `${what}: ${status}`);
}

async function isRefused(token, sentence) {
  const answer = await ask(token);
  assert.equal(answer.status, 401);
  assert.match(answer.headers.get("www-authenticate"), sentence);
}

assert.equal((await ask()).status, 401);

const program = await backend("ehr");
assert.equal(program.access_token.split(".").length, 3);
await isTaken(program.access_token, "backend services");

const opaque = await backend("ehr-opaque");
assert.ok(!opaque.access_token.includes("."));
await isTaken(opaque.access_token, "an opaque token");
await isRefused(randomUUID(), /does not know the token/);

const elsewhere = await backend("ehr", { resource: "https://other.example.org/fhir" });
await isRefused(elsewhere.access_token, /for another server/);

/** A person with a browser: the pages that oidc-provider has for development, and a code with PKCE. */
async function signIn() {
  const verifier = randomBytes(32).toString("base64url");
  const redirect = "http://127.0.0.1:1/callback";
  const url = new URL(smart.authorization_endpoint);
  const asked = {
    client_id: "care-app",
    response_type: "code",
    redirect_uri: redirect,
    scope: "openid offline_access user/*.cruds",
    prompt: "consent",
    state: randomUUID(),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  const cookies = new Map();
  let at = url.href;
  for (let step = 0; step < 20; step++) {
    const answer = await browse(at, cookies);
    if (answer.location?.startsWith(redirect)) {
      const back = new URL(answer.location).searchParams;
      assert.equal(back.get("state"), asked.state);
      assert.equal(back.get("iss"), id);
      return { code: back.get("code"), verifier, redirect };
    }
    at = answer.location ?? (await submit(answer, cookies));
  }
  assert.fail("The pages lead nowhere.");
}

async function browse(url, cookies, form) {
  const answer = await fetch(url, {
    method: form ? "POST" : "GET",
    body: form ? new URLSearchParams(form) : undefined,
    headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    redirect: "manual",
  });
  for (const cookie of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
    cookies.set(name, value);
  }
  const location = answer.headers.get("location");
  return { url, location: location && new URL(location, url).href, text: location ? "" : await answer.text() };
}

async function submit({ url, text }, cookies) {
  const action = /<form[^>]*action="([^"]+)"/.exec(text)?.[1];
  assert.ok(action, text);
  const prompt = /name="prompt" value="([^"]+)"/.exec(text)?.[1];
  const form = prompt === "login" ? { prompt, login: "alice", password: "any" } : { prompt };
  const answer = await browse(new URL(action, url).href, cookies, form);
  assert.ok(answer.location, answer.text);
  return answer.location;
}

const { code, verifier, redirect } = await signIn();
const exchanged = await post(smart.token_endpoint, {
  grant_type: "authorization_code",
  client_id: "care-app",
  code,
  code_verifier: verifier,
  redirect_uri: redirect,
});
const person = await exchanged.json();
assert.equal(exchanged.status, 200, JSON.stringify(person));
await isTaken(person.access_token, "a person");
// An ID token says who somebody is, and opens nothing.
await isRefused(person.id_token, /for another server|no access token/);

const refreshed = await post(smart.token_endpoint, {
  grant_type: "refresh_token",
  client_id: "care-app",
  refresh_token: person.refresh_token,
});
await isTaken((await refreshed.json()).access_token, "a refreshed token");

const revoked = await post(smart.revocation_endpoint, {
  token: opaque.access_token,
  client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
  client_assertion: await new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg: ofClient.alg, kid: ofClient.kid })
    .setIssuer("ehr-opaque")
    .setSubject("ehr-opaque")
    .setAudience(id)
    .setExpirationTime("2m")
    .sign(ofClient.privateKey),
});
assert.equal(revoked.status, 200);
await isRefused(opaque.access_token, /does not know the token/);

console.log("oidc-provider: done");
process.exit(0);
