using System.Globalization;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Tests.Timers;

/// <summary>A task that was late before it came here remembers what it has crossed, and is told of from the next threshold on.</summary>
public sealed class LateBeforeTests
{
    private const string Due = "2026-11-20T12:00:00Z";
    private static readonly CarePolicy Policy = new(BusinessCalendar.UnitedStates(Given.NewYork), []);
    private static readonly CarePolicy Relaxed = new(Policy.Calendar, [new(default) { Lateness = [] }]);

    [Theory]
    [InlineData("2026-11-20T11:59:59Z", "")]
    [InlineData("2026-11-20T12:00:00Z", "overdue")]
    [InlineData("2026-11-24T12:00:00Z", "overdue")]
    [InlineData("2027-01-01T00:00:00Z", "overdue,overdue-lead")]
    [InlineData("9999-12-31T23:59:59Z", "overdue,overdue-lead")]
    public void Remembers_the_thresholds_that_are_crossed(string now, string codes)
    {
        var remembering = Remember(Task(), now, Policy);

        Assert.Equal(codes, Escalated(remembering));
        var next = TimerRules.NextAt("Task", remembering, [Policy]);
        Assert.True(next is null || next > DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));
        Assert.Equal(codes.Contains("lead", StringComparison.Ordinal), next is null);
    }

    /// <summary>What it has beside that is as it was, to the byte.</summary>
    [Fact]
    public void Adds_to_what_the_task_remembers_and_changes_nothing_else()
    {
        const string Told =
            "'extension':[{'url':'https://carecoordination.example/fhir/StructureDefinition/escalated','valueCode':'overdue'},{'url':'urn:x','valueDecimal':1.50}],";
        var task = Task(Told);

        var remembering = Remember(task, "2027-01-01T00:00:00Z", Policy);

        Assert.Equal("overdue,overdue-lead", Escalated(remembering));
        Assert.Equal(
            Text(task)
                .Replace(
                    "1.50}]",
                    """1.50},{"url":"https://carecoordination.example/fhir/StructureDefinition/escalated","valueCode":"overdue-lead"}]""",
                    StringComparison.Ordinal
                ),
            Text(remembering)
        );
        Assert.Same(remembering, Remember(remembering, "2027-01-01T00:00:00Z", Policy));
    }

    [Theory]
    [InlineData("'status':'completed'")]
    [InlineData("'status':'cancelled'")]
    [InlineData("'status':'on-hold'")]
    [InlineData("'status':'requested','restriction':null")]
    public void Leaves_what_is_not_late_as_it_is(string members)
    {
        var task = Document(
            $$"""{'resourceType':'Task','id':'t','intent':'order',{{members.Replace(",'restriction':null", "", StringComparison.Ordinal)}}{{(members.Contains("null", StringComparison.Ordinal) ? "" : $",'restriction':{{'period':{{'end':'{Due}'}}}}")}}}"""
        );

        Assert.Same(task, Remember(task, "2027-01-01T00:00:00Z", Policy));
    }

    [Fact]
    public void It_has_to_be_late_by_the_rules_of_everyone_whose_it_may_be()
    {
        Assert.Equal("", Escalated(Remember(Task(), "2027-01-01T00:00:00Z", Policy, Relaxed)));
        Assert.Equal("overdue,overdue-lead", Escalated(Remember(Task(), "2027-01-01T00:00:00Z", Policy, Policy)));
    }

    [Fact]
    public void Other_resources_remember_nothing()
    {
        var other = Document("{'resourceType':'ServiceRequest','id':'s','status':'active','intent':'order'}");
        Assert.Same(other, Remember(other, "2027-01-01T00:00:00Z", Policy));
    }

    private static ResourceDocument Remember(ResourceDocument document, string now, params CarePolicy[] policies) =>
        LateBefore.Remember(document, [.. policies], DateTimeOffset.Parse(now, CultureInfo.InvariantCulture));

    private static ResourceDocument Task(string members = "") =>
        Document(
            $$$"""{'resourceType':'Task','id':'t',{{{members}}}'status':'requested','intent':'order','priority':'routine','owner':{'reference':'Practitioner/1'},'restriction':{'period':{'end':'{{{Due}}}'} } }"""
        );

    private static ResourceDocument Document(string json) =>
        ResourceDocument
            .Parse(
                System.Text.Encoding.UTF8.GetBytes(json.Replace('\'', '"').Replace(" ", "", StringComparison.Ordinal))
            )
            .Value;

    private static string Text(ResourceDocument document) => System.Text.Encoding.UTF8.GetString(document.Utf8.Span);

    private static string Escalated(ResourceDocument document)
    {
        var codes = new List<string>();
        foreach (var extension in TaskView.From(document).Extension)
        {
            if (extension is { Url: CareExtensions.Escalated, ValueCode: { } code })
                codes.Add(code);
        }

        return string.Join(',', codes);
    }
}
