// What a vendor writes against types that were generated from the OpenAPI document: create, search, an operation.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

declare const process: { env: Record<string, string | undefined> };
const base = process.env.FHIR_BASE ?? "http://localhost:5080/fhir";
const client = createClient<paths>({ baseUrl: base.slice(0, -"/fhir".length) });
const headers = { "Content-Type": "application/fhir+json", Accept: "application/fhir+json" };

function must<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

const patient = must(
  await client.POST("/fhir/Patient", { headers, body: { resourceType: "Patient", name: [{ family: "Typed" }] } }),
);
const work: components["schemas"]["Task"] = {
  resourceType: "Task",
  status: "requested",
  intent: "order",
  for: { reference: `Patient/${patient.id}` },
};
const task = must(await client.POST("/fhir/Task", { headers, body: work }));

const found = must(
  await client.GET("/fhir/Task", { headers, params: { query: { patient: [`Patient/${patient.id}`], status: ["requested"] } } }),
);
if (found.entry?.[0]?.resource?.id !== task.id) throw new Error("The task was not found.");

const manager = must(await client.POST("/fhir/Practitioner", { headers, body: { resourceType: "Practitioner" } }));
const claimed = must(
  await client.POST("/fhir/Task/{id}/$claim", {
    headers,
    params: { path: { id: task.id! } },
    body: {
      resourceType: "Parameters",
      parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
    },
  }),
);
if (claimed.owner?.reference !== `Practitioner/${manager.id}`) throw new Error("The task was not claimed.");
console.log("openapi-typescript: done");
