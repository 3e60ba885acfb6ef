using CareCoordination.Application.Requests;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Formats;

/// <summary>Headers in all the ways they may be written.</summary>
public sealed class HeaderTests(SqliteServer shared) : ServerTests(shared)
{
    /// <summary>https://www.rfc-editor.org/rfc/rfc7240#section-2</summary>
    [Theory]
    [InlineData("return=minimal", ReturnPreference.Minimal, false)]
    [InlineData("return=\"minimal\"", ReturnPreference.Minimal, false)]
    [InlineData("Return = Minimal", ReturnPreference.Minimal, false)]
    [InlineData("  return=representation  ", ReturnPreference.Representation, false)]
    [InlineData("RETURN=OperationOutcome", ReturnPreference.OperationOutcome, false)]
    [InlineData("return=operationoutcome", ReturnPreference.OperationOutcome, false)]
    [InlineData("return=minimal, handling=lenient", ReturnPreference.Minimal, true)]
    [InlineData("handling=lenient,return=minimal", ReturnPreference.Minimal, true)]
    [InlineData("return=minimal; handling=lenient", ReturnPreference.Minimal, true)]
    [InlineData("respond-async, wait=100, return=minimal", ReturnPreference.Minimal, false)]
    [InlineData("return=minimal; foo=\"some, return=representation\"", ReturnPreference.Minimal, false)]
    [InlineData("foo=\"a; handling=lenient\", return=minimal", ReturnPreference.Minimal, false)]
    // The first counts; what is not known does not.
    [InlineData("return=minimal, return=representation", ReturnPreference.Minimal, false)]
    [InlineData("return=nothing, return=representation", ReturnPreference.Representation, false)]
    [InlineData("handling=strict, handling=lenient", ReturnPreference.Unstated, false)]
    [InlineData("handling=LENIENT", ReturnPreference.Unstated, true)]
    [InlineData("", ReturnPreference.Unstated, false)]
    [InlineData(",;=,\"", ReturnPreference.Unstated, false)]
    [InlineData("return", ReturnPreference.Unstated, false)]
    [InlineData("minimal", ReturnPreference.Unstated, false)]
    public void Preferences_are_read_in_every_spelling(string header, ReturnPreference wanted, bool isLenient) =>
        Assert.Equal(
            new Preferences(wanted, isLenient)
            {
                RespondsLater = header.Contains("respond-async", StringComparison.Ordinal),
            },
            Preferences.Parse(header)
        );

    [Theory]
    [InlineData("Prefer: return=\"minimal\"")]
    [InlineData("Prefer: Return=MINIMAL")]
    [InlineData("Prefer: handling=lenient", "Prefer: return=minimal")]
    public async Task A_preference_chooses_the_answer(params string[] headers) =>
        Assert.Equal(
            "",
            (await Server.PostAsync("Patient", """{"resourceType":"Patient"}""", headers)).ShouldBe(201).Body
        );

    [Theory]
    [InlineData("GET", "metadata", 200)]
    [InlineData("GET", "Patient/none", 404)]
    [InlineData("GET", "Nothing/at/all/there", 404)]
    [InlineData("POST", "Patient", 415)]
    [InlineData("DELETE", "Patient/none", 204)]
    public async Task The_id_of_a_request_is_given_back(string method, string path, int status)
    {
        var answer = (
            await Server.SendAsync(
                new HttpMethod(method),
                path,
                method == "POST" ? new StringContent("x") : null,
                "X-Request-Id: 8f14e45f-ceea-467f-a8d6-0b7a5ab4a3b1"
            )
        ).ShouldBe(status);

        Assert.Equal("8f14e45f-ceea-467f-a8d6-0b7a5ab4a3b1", answer.Header("X-Request-Id"));
    }

    [Fact]
    public async Task Only_an_id_is_given_back()
    {
        Assert.Null((await Server.GetAsync("metadata")).Header("X-Request-Id"));
        Assert.Null((await Server.GetAsync("metadata", "X-Request-Id: a b")).Header("X-Request-Id"));
        Assert.Null(
            (await Server.GetAsync("metadata", $"X-Request-Id: {new string('x', 200)}")).Header("X-Request-Id")
        );
    }
}
