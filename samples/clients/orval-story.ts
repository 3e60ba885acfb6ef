// The story of story.ts with what orval generates: functions over fetch.
import { claimInstancePostTask, createPatient, createPractitioner, createTask, searchTypeTask } from "./generated/orval.js";

function must<A extends { status: number; data: unknown }, S extends A["status"]>(
  answer: A,
  status: S,
): Extract<A, { status: S }>["data"] {
  if (answer.status !== status) throw new Error(`${answer.status}: ${JSON.stringify(answer.data)}`);
  return answer.data;
}

const patient = must(await createPatient({ resourceType: "Patient", name: [{ family: "Orval" }], birthDate: "1950-05-12" }), 201);
const task = must(
  await createTask({ resourceType: "Task", status: "requested", intent: "order", for: { reference: `Patient/${patient.id}` } }),
  201,
);
const found = must(await searchTypeTask({ patient: [`Patient/${patient.id}`], status: ["requested"] }), 200);
if (found.entry?.length !== 1 || found.entry[0].resource?.id !== task.id) throw new Error("The task was not found.");

const manager = must(await createPractitioner({ resourceType: "Practitioner" }), 201);
const claimed = must(
  await claimInstancePostTask(task.id!, {
    resourceType: "Parameters",
    parameter: [{ name: "practitioner", valueReference: { reference: `Practitioner/${manager.id}` } }],
  }),
  200,
);
if (claimed.owner?.reference !== `Practitioner/${manager.id}`) throw new Error("The task was not claimed.");
console.log("orval: done");
