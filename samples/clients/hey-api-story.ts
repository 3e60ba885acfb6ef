// The story of story.ts with what @hey-api/openapi-ts generates: functions over a client of its own.
import { client } from "./generated/hey-api/client.gen.js";
import { claimInstancePostTask, createPatient, createPractitioner, createTask, searchTypeTask } from "./generated/hey-api/index.js";

declare const process: { env: Record<string, string | undefined> };
client.setConfig({ baseUrl: (process.env.FHIR_BASE ?? "http://localhost:5080/fhir").slice(0, -"/fhir".length) });
const throwOnError = true as const;

const { data: patient } = await createPatient({
  throwOnError,
  body: { resourceType: "Patient", name: [{ family: "Hey" }], birthDate: "1950-05-12" },
});
const { data: task } = await createTask({
  throwOnError,
  body: { resourceType: "Task", status: "requested", intent: "order", for: { reference: `Patient/${patient.id}` } },
});
const { data: found } = await searchTypeTask({
  throwOnError,
  query: { patient: [`Patient/${patient.id}`], status: ["requested"] },
});
if (found.entry?.length !== 1 || found.entry[0]?.resource?.id !== task.id) throw new Error("The task was not found.");

const { data: manager } = await createPractitioner({ throwOnError, body: { resourceType: "Practitioner" } });
const { data: claimed } = await claimInstancePostTask({
  throwOnError,
  path: { id: task.id! },
  body: {
    resourceType: "Parameters",
    parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
  },
});
if (claimed.owner?.reference !== `Practitioner/${manager.id}`) throw new Error("The task was not claimed.");
console.log("@hey-api/openapi-ts: done");
