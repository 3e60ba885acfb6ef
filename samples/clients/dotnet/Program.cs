using Stories;

var root = new Uri(Environment.GetEnvironmentVariable("FHIR_BASE") ?? "http://localhost:5080/fhir").GetLeftPart(
    UriPartial.Authority
);
await NSwagStory.TellAsync(root);
await KiotaStory.TellAsync(root);
