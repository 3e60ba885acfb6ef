// orval writes the address of the server into what it generates.
export default {
  care: {
    input: "../../openapi/carecoordination.json",
    output: {
      target: "./generated/orval.ts",
      client: "fetch",
      baseUrl: (process.env.FHIR_BASE ?? "http://localhost:5080/fhir").slice(0, -"/fhir".length),
    },
  },
};
