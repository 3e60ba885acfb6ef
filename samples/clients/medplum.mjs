// @medplum/core against a server that is not Medplum's: its client takes the base of FHIR as a setting.
import assert from "node:assert/strict";
import { MedplumClient } from "@medplum/core";

const base = new URL(process.env.FHIR_BASE ?? "http://localhost:5080/fhir");
const client = new MedplumClient({ baseUrl: base.origin, fhirUrlPath: base.pathname.slice(1), cacheTime: 0 });

const patient = await client.createResource({ resourceType: "Patient", name: [{ family: "Plum" }] });
assert.equal((await client.readResource("Patient", patient.id)).name[0].family, "Plum");
assert.equal((await client.updateResource({ ...patient, active: true })).active, true);
assert.equal(
  (await client.patchResource("Patient", patient.id, [{ op: "replace", path: "/active", value: false }])).active,
  false,
);
const same = await client.createResourceIfNoneExist({ resourceType: "Patient", name: [{ family: "Plum" }] }, `_id=${patient.id}`);
assert.equal(same.id, patient.id);

for (let i = 0; i < 3; i++)
  await client.createResource({ resourceType: "Task", status: "requested", intent: "order", for: { reference: `Patient/${patient.id}` } });
const found = await client.searchResources("Task", { patient: `Patient/${patient.id}`, _count: "2" });
assert.equal(found.length, 2);
let all = 0;
for await (const page of client.searchResourcePages("Task", { patient: `Patient/${patient.id}`, _count: "2" })) all += page.length;
assert.equal(all, 3);
assert.equal((await client.readHistory("Patient", patient.id)).entry.length, 3);

const manager = await client.createResource({ resourceType: "Practitioner" });
const claimed = await client.post(client.fhirUrl("Task", found[0].id, "$claim"), {
  resourceType: "Parameters",
  parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
});
assert.equal(claimed.owner.reference, `Practitioner/${manager.id}`);
const batch = await client.executeBatch({
  resourceType: "Bundle",
  type: "batch",
  entry: [{ request: { method: "GET", url: `Patient/${patient.id}` } }],
});
assert.equal(batch.entry[0].resource.id, patient.id);
const everything = await client.readPatientEverything(patient.id);
assert.ok(everything.entry.length >= 4);
const binary = await client.createBinary({ data: "Some text.", contentType: "text/plain" });
assert.equal(binary.contentType, "text/plain");
await assert.rejects(client.readResource("Patient", "nobody"));
await client.deleteResource("Task", found[1].id);
console.log("@medplum/core: done");
