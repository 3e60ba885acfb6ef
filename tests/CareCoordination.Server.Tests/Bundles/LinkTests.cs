using System.Text.Json;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Bundles;

/// <summary>
/// Links to entries of a transaction that are no references are replaced as references are; canonical ones stay.
/// https://hl7.org/fhir/R4/http.html#trules
/// </summary>
public sealed class LinkTests(SqliteServer shared) : ServerTests(shared)
{
    public static TheoryData<string> FullUrls =>
        ["urn:uuid:1c7a0f5e-3a54-4a77-9c3f-0a4f6f0d9f11", "urn:oid:1.2.3.4.5", "https://ehr.example/fhir/Patient/1"];

    [Theory]
    [MemberData(nameof(FullUrls))]
    public async Task Elements_of_type_uri_and_url_lead_to_the_entry(string fullUrl)
    {
        var (id, stored) = await StoreAsync(
            fullUrl,
            $$"""
            {"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"url":"{{fullUrl}}"} }],
             "extension":[{"url":"urn:x","valueUri":"{{fullUrl}}"},{"url":"urn:y","valueUrl":"{{fullUrl}}"},
                          {"url":"urn:z","valueCanonical":"{{fullUrl}}"},{"url":"urn:s","valueString":"{{fullUrl}}"}]}
            """,
            "DocumentReference"
        );

        var extensions = stored.GetProperty("extension");
        Assert.Equal(
            $"Patient/{id}",
            stored.GetProperty("content")[0].GetProperty("attachment").GetProperty("url").GetString()
        );
        Assert.Equal($"Patient/{id}", extensions[0].GetProperty("valueUri").GetString());
        Assert.Equal($"Patient/{id}", extensions[1].GetProperty("valueUrl").GetString());
        Assert.Equal(fullUrl, extensions[2].GetProperty("valueCanonical").GetString());
        Assert.Equal(fullUrl, extensions[3].GetProperty("valueString").GetString());
    }

    [Theory]
    [MemberData(nameof(FullUrls))]
    public async Task Links_and_images_of_narratives_lead_to_the_entry(string fullUrl)
    {
        var div =
            $"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><p>See <a href=\\\"{fullUrl}\\\">her</a>, <a title='a' href='{fullUrl}'>her</a> and <img alt=\\\"x\\\" src=\\\"{fullUrl}\\\"/>; {fullUrl} and href=\\\"{fullUrl}\\\" are text, <a href=\\\"#top\\\">up</a>, <a href=\\\"https://other.example/Patient/1\\\">no</a></p></div>";
        var (id, stored) = await StoreAsync(
            fullUrl,
            $$"""
            {"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2026-01-01","author":[{"display":"a"}],"title":"t",
             "text":{"status":"additional","div":"{{div}}"},
             "section":[{"title":"s","text":{"status":"additional","div":"{{div}}"} }]}
            """,
            "Composition"
        );

        var expected =
            $"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>See <a href=\"Patient/{id}\">her</a>, <a title='a' href=\"Patient/{id}\">her</a> and <img alt=\"x\" src=\"Patient/{id}\"/>; {fullUrl} and href=\"{fullUrl}\" are text, <a href=\"#top\">up</a>, <a href=\"https://other.example/Patient/1\">no</a></p></div>";
        Assert.Equal(expected, stored.GetProperty("text").GetProperty("div").GetString());
        Assert.Equal(expected, stored.GetProperty("section")[0].GetProperty("text").GetProperty("div").GetString());
    }

    [Fact]
    public async Task A_relative_link_means_the_server_of_its_own_entry()
    {
        const string Home = "https://ehr.example/fhir";
        const string Div = "<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\"><a href=\\\"Patient/1\\\">x</a></div>";
        var (id, stored) = await StoreAsync(
            $"{Home}/Patient/1",
            $$"""{"resourceType":"Basic","code":{"text":"x"},"text":{"status":"additional","div":"{{Div}}"} }""",
            "Basic",
            $"{Home}/Basic/1"
        );
        var (_, elsewhere) = await StoreAsync(
            $"{Home}/Patient/1",
            $$"""{"resourceType":"Basic","code":{"text":"x"},"text":{"status":"additional","div":"{{Div}}"} }""",
            "Basic",
            "https://other.example/fhir/Basic/1"
        );

        Assert.Contains(
            $"href=\"Patient/{id}\"",
            stored.GetProperty("text").GetProperty("div").GetString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "href=\"Patient/1\"",
            elsewhere.GetProperty("text").GetProperty("div").GetString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>The id that the patient gets, and the other resource as it is stored.</summary>
    private async Task<(string Id, JsonElement Stored)> StoreAsync(
        string fullUrl,
        string resource,
        string type,
        string? ownUrl = null
    )
    {
        var answer = (
            await Server.PostAsync(
                "",
                Given.Transaction(
                    Given.Entry("POST", type, resource, ownUrl),
                    Given.Entry("POST", "Patient", """{"resourceType":"Patient","active":true}""", fullUrl)
                ),
                "Prefer: return=representation"
            )
        ).ShouldBe(200);
        var stored = answer.Resources.ToList();
        return (stored[1].GetProperty("id").GetString()!, stored[0]);
    }
}
