using System.Text.Json.Nodes;
using CareCoordination.Partners.Tests.Kit;
using CareCoordination.PartnerSimulator;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Partners.Tests.Cases;

/// <summary>Which open referral of a patient is for the same, found among others without reading all of them.</summary>
public sealed class DuplicateTests
{
    private const string Food = """{"coding":[{"system":"http://snomed.info/sct","code":"710925007"}]}""";
    private const string Ride = """{"coding":[{"system":"http://snomed.info/sct","code":"160695008"}]}""";
    private const string Odd = """{"coding":[{"system":"urn:a,b|c$d","code":"x|y,z\\"}]}""";
    private const string Bare = """{"coding":[{"code":"local"}]}""";

    [Theory]
    [InlineData(Food, Food, true)]
    [InlineData(Food, Ride, false)]
    [InlineData(Odd, Odd, true)]
    [InlineData(Odd, Food, false)]
    [InlineData(Bare, Bare, true)]
    // Where one has no code, the category tells: all of these have the same.
    [InlineData(Food, null, true)]
    [InlineData(null, Food, true)]
    [InlineData(null, null, true)]
    [InlineData(Food, """{"text":"in words"}""", true)]
    public async Task A_referral_for_the_same_is_a_duplicate(string? first, string? second, bool isSame)
    {
        await using var ward = await Ward.OpenAsync(PartnerKind.Community);
        await ward.DrainAsync();
        await ward.StoreAsync(PartnerResources.Patient("edda"), PartnerResources.Patient("other"));
        await DispatchedAsync(ward, "Patient/edda", """{"coding":[{"system":"urn:else","code":"1"}]}""", "else");
        await DispatchedAsync(ward, "Patient/other", second);
        var open = await DispatchedAsync(ward, "Patient/edda", first);

        var answer = await ward.DispatchAsync(await RequestAsync(ward, "Patient/edda", second));

        Assert.True(answer.Status == (isSame ? 409 : 201), answer.Body);
        if (!isSame)
            return;
        Assert.Contains($"Task/{open}", answer.Body, StringComparison.Ordinal);

        // What is over is no duplicate.
        (await ward.Server.AskAsync($"Task/{open}/$cancel", Ask.Text("reason", "moved"))).ShouldBe(200);
        answer = await ward.DispatchAsync(await RequestAsync(ward, "Patient/edda", second));
        Assert.Equal(201, answer.Status);
    }

    private static async Task<string> DispatchedAsync(Ward ward, string patient, string? code, string? category = null)
    {
        var answer = await ward.DispatchAsync(
            await RequestAsync(ward, patient, code, category),
            Ask.Value("override", "valueBoolean", "true")
        );
        return answer.ShouldBe(201).Id;
    }

    private static async Task<string> RequestAsync(Ward ward, string patient, string? code, string? category = null)
    {
        var id = Given.Id("r");
        var request = JsonNode.Parse(PartnerResources.Request(id, patient))!;
        if (code is null)
            request.AsObject().Remove("code");
        else
            request["code"] = JsonNode.Parse(code);
        if (category is not null)
            request["category"]![0]!["coding"]![0]!["code"] = category;
        await ward.StoreAsync(request.ToJsonString());
        return $"ServiceRequest/{id}";
    }
}
