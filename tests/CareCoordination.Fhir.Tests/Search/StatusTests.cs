using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Search.Types;

namespace CareCoordination.Fhir.Tests.Search;

/// <summary>The one code by which resources of a type are told where they stand, as the row of the resource has it.</summary>
public sealed class StatusTests
{
    /// <summary>A resource, and the parameter and code that its status is; none where it has no status.</summary>
    public static TheoryData<string, string?, string?> Resources =>
        new()
        {
            { """{"resourceType":"Task","status":"on-hold"}""", "status", "on-hold" },
            { """{"resourceType":"Task","status":"On-Hold"}""", "status", "on-hold" },
            { """{"resourceType":"Goal","lifecycleStatus":"active"}""", "lifecycle-status", "active" },
            { """{"resourceType":"Observation","status":"final"}""", "status", "final" },
            { """{"resourceType":"Appointment","status":"noshow"}""", "status", "noshow" },
            // Neither that of what it contains nor that of a part of it.
            {
                """{"resourceType":"Task","contained":[{"resourceType":"Task","id":"a","status":"failed"}],"partOf":[{"reference":"#a"}],"status":"ready"}""",
                "status",
                "ready"
            },
            {
                """{"resourceType":"Task","contained":[{"resourceType":"ServiceRequest","id":"a","status":"active"}],"focus":{"reference":"#a"}}""",
                null,
                null
            },
            {
                """{"resourceType":"Appointment","status":"booked","participant":[{"status":"declined"}]}""",
                "status",
                "booked"
            },
            { """{"resourceType":"Task"}""", null, null },
            { """{"resourceType":"Task","_status":{"extension":[{"url":"x","valueCode":"y"}]}}""", null, null },
            { """{"resourceType":"Patient","active":true,"gender":"female"}""", null, null },
            // A status of several codings is none by which rows could lie in an order.
            {
                """{"resourceType":"Condition","clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]}}""",
                null,
                null
            },
        };

    [Theory, MemberData(nameof(Resources))]
    public void The_status_of_a_resource_is_its_own(string json, string? parameter, string? code)
    {
        var document = ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Value;
        var type = System.Text.Encoding.UTF8.GetString(document.ResourceTypeUtf8);

        // Twice: what gathers entries is used again for the next resource.
        foreach (var _ in (int[])[1, 2])
        {
            var entries = SearchFixture.Extractor.ExtractAll(new(type, "a"), document);
            Assert.Equal(
                parameter is null
                    ? 0
                    : TokenParameter.CodeKey(SearchFixture.Registry.Find(type, parameter)!, code!).Key,
                entries.Status
            );
        }
    }

    [Theory]
    [InlineData("Task", "status")]
    [InlineData("CarePlan", "status")]
    [InlineData("ServiceRequest", "status")]
    [InlineData("EpisodeOfCare", "status")]
    [InlineData("Encounter", "status")]
    [InlineData("Goal", "lifecycle-status")]
    [InlineData("Patient", null)]
    [InlineData("Condition", null)]
    [InlineData("Practitioner", null)]
    public void A_type_has_one_status_or_none(string type, string? code) =>
        Assert.Equal(code, SearchFixture.Registry.Of(type).SingleOrDefault(p => p.IsStatus)?.Code);
}
