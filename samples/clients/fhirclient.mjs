// fhirclient (SMART's JavaScript client) without authorization, as an app inside a hospital's network uses it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import smart from "fhirclient";

const base = process.env.FHIR_BASE ?? "http://localhost:5080/fhir";
// The library is made for servers of web pages and wants a request and a response of one.
const client = await new Promise((resolve) => {
  const page = createServer((request, response) => {
    resolve(smart(request, response, { get: async () => null, set: async () => null, unset: async () => true }).client(base));
    response.end();
  }).listen(0, "127.0.0.1", () => fetch(`http://127.0.0.1:${page.address().port}/`).then(() => page.close()));
});

const patient = await client.create({ resourceType: "Patient", name: [{ family: "Smart" }] });
assert.equal((await client.request(`Patient/${patient.id}`)).name[0].family, "Smart");
patient.active = true;
assert.equal((await client.update(patient)).active, true);
assert.equal(
  (await client.patch(`Patient/${patient.id}`, [{ op: "replace", path: "/active", value: false }])).active,
  false,
);

for (let i = 0; i < 3; i++)
  await client.create({ resourceType: "Task", status: "requested", intent: "order", for: { reference: `Patient/${patient.id}` } });
const pages = await client.request(`Task?patient=Patient/${patient.id}&_count=2`, { pageLimit: 0, flat: true });
assert.equal(pages.length, 3);
assert.equal((await client.request(`Patient/${patient.id}/Task`)).entry.length, 3);
const resolved = await client.request(`Task/${pages[0].id}`, { resolveReferences: ["for"] });
assert.equal(resolved.for.name[0].family, "Smart");

const manager = await client.create({ resourceType: "Practitioner" });
const claimed = await client.request({
  url: `Task/${pages[0].id}/$claim`,
  method: "POST",
  headers: { "content-type": "application/fhir+json" },
  body: JSON.stringify({
    resourceType: "Parameters",
    parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
  }),
});
assert.equal(claimed.owner.reference, `Practitioner/${manager.id}`);
await assert.rejects(client.request("Patient/nobody"), /404|no Patient/);
await client.delete(`Task/${pages[2].id}`);
console.log("fhirclient: done");
