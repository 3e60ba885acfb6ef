namespace CareCoordination.Server.Tests.Kit;

/// <summary>Small resources of our own.</summary>
internal static class Given
{
    private static int _next;

    /// <summary>An id that no other test uses.</summary>
    public static string Id(string prefix = "t") =>
        $"{prefix}-{Guid.NewGuid().ToString("N")[..12]}-{Interlocked.Increment(ref _next)}";

    /// <summary>The instant that many days from now.</summary>
    public static string Days(int days) =>
        TimeProvider
            .System.GetUtcNow()
            .AddDays(days)
            .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    public static string Patient(string id, string family = "Lindqvist") =>
        $$"""{"resourceType":"Patient","id":"{{id}}","name":[{"family":"{{family}}"}]}""";

    public static string Practitioner(string id) => $$"""{"resourceType":"Practitioner","id":"{{id}}"}""";

    /// <summary>Without an id, with an identifier to be found by.</summary>
    public static string PatientWith(string identifier, string family = "Lindqvist") =>
        $$"""{"resourceType":"Patient","identifier":[{"system":"urn:test","value":"{{identifier}}"}],"name":[{"family":"{{family}}"}]}""";

    public static string CarePlan(string id, string patient, string status = "active") =>
        $$$"""{"resourceType":"CarePlan","id":"{{{id}}}","status":"{{{status}}}","intent":"plan","subject":{"reference":"Patient/{{{patient}}}"}}""";

    public static string Task(string patient, string status = "requested") =>
        $$$"""{"resourceType":"Task","status":"{{{status}}}","intent":"order","for":{"reference":"Patient/{{{patient}}}"}}""";

    public static string Observation(string patient) =>
        $$$"""{"resourceType":"Observation","status":"final","code":{"text":"x"},"subject":{"reference":"Patient/{{{patient}}}"}}""";

    public static string Transaction(params string[] entries) => Bundle("transaction", entries);

    public static string Batch(params string[] entries) => Bundle("batch", entries);

    public static string Entry(
        string method,
        string url,
        string? resource = null,
        string? fullUrl = null,
        string more = ""
    ) =>
        $"{{{(fullUrl is null ? "" : $"\"fullUrl\":\"{fullUrl}\",")}{(resource is null ? "" : $"\"resource\":{resource},")}\"request\":{{\"method\":\"{method}\",\"url\":\"{url}\"{more}}}}}";

    private static string Bundle(string type, string[] entries) =>
        $$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{string.Join(',', entries)}}]}""";
}
