// fhir-kit-client, as its README shows it: capability, create, read, search, patch, history, batch, operation, delete.
import assert from "node:assert/strict";
import { Client } from "fhir-kit-client";

const client = new Client({ baseUrl: process.env.FHIR_BASE ?? "http://localhost:5080/fhir" });

const statement = await client.capabilityStatement();
assert.equal(statement.fhirVersion, "4.0.1");

const patient = await client.create({
  resourceType: "Patient",
  body: { resourceType: "Patient", name: [{ family: "Kit", given: ["Ana"] }] },
});
assert.equal((await client.read({ resourceType: "Patient", id: patient.id })).name[0].family, "Kit");

const updated = await client.update({ resourceType: "Patient", id: patient.id, body: { ...patient, active: true } });
assert.equal(updated.meta.versionId, "2");
const patched = await client.patch({
  resourceType: "Patient",
  id: patient.id,
  jsonPatch: [{ op: "replace", path: "/active", value: false }],
});
assert.equal(patched.active, false);
assert.equal((await client.vread({ resourceType: "Patient", id: patient.id, version: "1" })).meta.versionId, "1");
assert.equal((await client.history({ resourceType: "Patient", id: patient.id })).entry.length, 3);
assert.ok((await client.history({ resourceType: "Patient" })).entry.length >= 3);
assert.ok((await client.history()).entry.length >= 3);

const created = [];
for (let i = 0; i < 3; i++) {
  created.push(
    await client.create({
      resourceType: "Task",
      body: { resourceType: "Task", status: "requested", intent: "order", for: { reference: `Patient/${patient.id}` } },
    }),
  );
}
const first = await client.search({
  resourceType: "Task",
  searchParams: { patient: `Patient/${patient.id}`, _count: 2, _include: "Task:patient" },
});
assert.equal(first.entry.filter((e) => e.search.mode === "match").length, 2);
const second = await client.nextPage({ bundle: first });
assert.equal(second.entry.filter((e) => e.search.mode === "match").length, 1);
const posted = await client.resourceSearch({
  resourceType: "Task",
  searchParams: { patient: `Patient/${patient.id}` },
  options: { postSearch: true },
});
assert.equal(posted.entry.length, 3);

const inCompartment = await client.compartmentSearch({
  compartment: { resourceType: "Patient", id: patient.id },
  resourceType: "Task",
});
assert.equal(inCompartment.entry.length, 3);
const ofTypes = await client.systemSearch({ searchParams: { _type: "Patient,Task", _id: `${patient.id},${created[0].id}` } });
assert.equal(ofTypes.entry.length, 2);

const manager = await client.create({ resourceType: "Practitioner", body: { resourceType: "Practitioner" } });
const claimed = await client.operation({
  name: "$claim",
  resourceType: "Task",
  id: created[0].id,
  input: {
    resourceType: "Parameters",
    parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
  },
});
assert.equal(claimed.owner.reference, `Practitioner/${manager.id}`);
const worklist = await client.operation({
  name: "$worklist",
  resourceType: "Task",
  method: "GET",
  input: { patient: `Patient/${patient.id}` },
});
assert.equal(worklist.resourceType, "Bundle");

const answers = await client.batch({
  body: {
    resourceType: "Bundle",
    type: "batch",
    entry: created.map((t) => ({ request: { method: "GET", url: `Task/${t.id}` } })),
  },
});
assert.ok(answers.entry.every((e) => e.response.status.startsWith("200")));
await assert.rejects(client.read({ resourceType: "Patient", id: "nobody" }), (e) => e.response.status === 404);
await client.delete({ resourceType: "Task", id: created[2].id });
console.log("fhir-kit-client: done");
