using CareCoordination.Rest.Routing;
using CareCoordination.Server.Hosting;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Routing;

/// <summary>What is told of an address at which, or with a method by which, nothing is offered.</summary>
public sealed class AddressTests(SqliteServer shared) : ServerTests(shared)
{
    [Theory]
    [InlineData(
        "$nothing",
        "error not-supported: There is no operation '$nothing' on the whole server; there are $discard-message, $export, $import, $process-message, $reindex, $replay-message, $sql-export, $sql-run, $sqlquery-run, $submit-transition, $transition-messages, $viewdefinition-export, $viewdefinition-run."
    )]
    [InlineData(
        "Basic/$nothing",
        "error not-supported: There is no operation '$nothing' on the type Basic; there are $validate."
    )]
    [InlineData(
        "Basic/1/$nothing",
        "error not-supported: There is no operation '$nothing' on one Basic; there are $validate."
    )]
    [InlineData(
        "Patient/$everything",
        "error not-supported: There is no operation '$everything' on the type Patient; there are $export, $match, $validate. It is asked of one: Patient/[id]/$everything."
    )]
    [InlineData(
        "PractitionerRole/1/$nothing",
        "error not-supported: There is no operation '$nothing' on one PractitionerRole; there are $caseload, $coverage, $transfer-caseload, $validate."
    )]
    [InlineData(
        "Task/1/$worklist",
        "error not-supported: There is no operation '$worklist' on one Task; there are $accept, $async-status, $cancel, $claim, $complete, $escalate, $fail, $hold, $reassign, $record-attempt, $reject, $reopen, $resume, $snooze, $start, $stop, $validate. It is asked of the type: Task/$worklist."
    )]
    public async Task An_unknown_operation_is_404_with_what_there_is_at_its_level(string path, string issue)
    {
        foreach (var method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
        {
            var answer = await Server.SendAsync(new HttpMethod(method), path, (string?)null);
            if (method == "HEAD")
                answer.ShouldBe(404);
            else
                answer.ShouldRefuse(404, issue);
        }
    }

    [Fact]
    public async Task A_method_that_does_not_fit_is_405_with_those_that_do_at_every_address_of_the_table()
    {
        foreach (var address in Composition.Interactions.All.GroupBy(Address))
        {
            var offered = address.Select(r => r.Method).ToHashSet();
            if (offered.Contains("GET"))
                offered.Add("HEAD");
            var allow = string.Join(", ", offered.Order(StringComparer.Ordinal));

            var options = await Server.SendAsync(HttpMethod.Options, address.Key, (string?)null);
            Assert.Equal((204, allow), (options.Status, options.Header("Allow")));
            foreach (var method in (string[])["FOO", "DELETE", "PATCH", "PUT", "POST", "GET"])
            {
                if (offered.Contains(method) || (method == "GET" && address.Key.Length == 0))
                    continue;
                var refused = await Server.SendAsync(new HttpMethod(method), address.Key, (string?)null);
                refused.ShouldRefuse(
                    405,
                    $"error not-supported: {method} is not offered at this address; what is: {allow}."
                );
                Assert.Equal(allow, refused.Header("Allow"));
            }
        }
    }

    [Theory]
    [InlineData("/fhir/Patient/1", 404)]
    [InlineData("/FHIR/metadata", 404)]
    [InlineData("/Fhir", 404)]
    [InlineData("/%66hir/metadata", 200)]
    [InlineData("//fhir/metadata", 404)]
    [InlineData("/x/../fhir/metadata", 200)]
    [InlineData("/fhir/../fhir/metadata", 200)]
    [InlineData("/fhir/..", 200)]
    [InlineData("/fhirs/metadata", 404)]
    [InlineData("/fhir/metadata;jsessionid=1", 404)]
    public async Task The_base_is_read_as_what_is_below_it(string target, int status) =>
        (await Server.GetAsync(target)).ShouldBe(status);

    [Theory]
    [InlineData("{0}/metadata", "200 OK")]
    [InlineData("{0}/Patient?name=nobody-is-called-this", "200 OK")]
    [InlineData("{0}", "200 OK")]
    [InlineData("{0}s/metadata", "404 Not Found")]
    [InlineData("http://other.example/fhir/metadata", "404 Not Found")]
    [InlineData("/metadata", "200 OK")]
    [InlineData("../fhir/metadata", "404 Not Found")]
    public async Task The_url_of_an_entry_is_below_the_base(string url, string status)
    {
        var entry = Given.Entry("GET", string.Format(null, url, Server.Base));
        var answer = (await Server.PostAsync("", Given.Batch(entry))).ShouldBe(200);
        Assert.Equal(status, Assert.Single(answer.Entries).GetProperty("response").GetProperty("status").GetString());
    }

    private static string Address(InteractionDefinition row) =>
        row
            .Template.Replace("{type}", "Patient", StringComparison.Ordinal)
            .Replace("{id}", "1", StringComparison.Ordinal)
            .Replace("{vid}", "1", StringComparison.Ordinal);
}
