// A program without a person (SMART Backend Services): signs an assertion with its key, gets a token, and asks with fhir-kit-client.
// https://hl7.org/fhir/smart-app-launch/backend-services.html
import assert from "node:assert/strict";
import { createPrivateKey, randomUUID, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { Client } from "fhir-kit-client";

const { FHIR_BASE, CLIENT_ID, CLIENT_KEY, CLIENT_KID } = process.env;
const client = new Client({ baseUrl: FHIR_BASE });
const { tokenUrl } = await client.smartAuthMetadata();

const key = createPrivateKey(readFileSync(CLIENT_KEY));
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const header = { alg: key.asymmetricKeyType === "ec" ? "ES384" : "RS384", kid: CLIENT_KID, typ: "JWT" };
const claims = {
  iss: CLIENT_ID,
  sub: CLIENT_ID,
  aud: `${tokenUrl}`,
  exp: Math.floor(Date.now() / 1000) + 240,
  jti: randomUUID(),
};
const signed = `${part(header)}.${part(claims)}`;
const signature = sign("sha384", Buffer.from(signed), { key, dsaEncoding: "ieee-p1363" }).toString("base64url");

const answer = await fetch(tokenUrl, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials",
    scope: "system/*.rs",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: `${signed}.${signature}`,
  }),
});
const token = await answer.json();
assert.equal(answer.status, 200, JSON.stringify(token));

client.bearerToken = token.access_token;
const practitioners = await client.search({ resourceType: "Practitioner", searchParams: { _count: 1 } });
assert.equal(practitioners.resourceType, "Bundle");
client.bearerToken = undefined;
await assert.rejects(new Client({ baseUrl: FHIR_BASE }).search({ resourceType: "Practitioner" }), /401/);
console.log("backend-services: done");
