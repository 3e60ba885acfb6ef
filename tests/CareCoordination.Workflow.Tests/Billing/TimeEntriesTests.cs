using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Billing;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Billing;

public sealed class TimeEntriesTests
{
    private const string Whole =
        "'period':{'start':'2026-11-05T10:00:00Z','end':'2026-11-05T10:20:00Z'},'episodeOfCare':[{'reference':'EpisodeOfCare/e'}]";

    private static readonly Dictionary<string, string> Programs = new() { ["EpisodeOfCare/e"] = "ccm" };

    [Theory]
    [InlineData("completed", 1)]
    [InlineData("in-progress", 1)]
    [InlineData("cancelled", 1)]
    [InlineData("entered-in-error", 0)]
    public void A_task_tells_the_time_that_was_worked_whatever_became_of_it(string status, int entries) =>
        Assert.Equal(
            entries,
            TimeEntries
                .OfTask(Given.Task("t", status, Spent("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "20")), "ccm")
                .Count()
        );

    [Theory]
    [InlineData("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "20", 1200)]
    [InlineData("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "12.5", 750)]
    [InlineData("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "40", 1200)]
    [InlineData("2026-11-05T10:00:00Z", null, "12", 720)]
    [InlineData("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", null, 1200)]
    [InlineData("2026-11-05T10:00:00Z", null, null, 0)]
    [InlineData("2026-11-05", "2026-11-06", "20", 0)]
    [InlineData("2026-11-05T10:20:00Z", "2026-11-05T10:00:00Z", "20", 0)]
    [InlineData("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "-5", 0)]
    [InlineData("9999-12-31T23:59:00Z", null, "1e20", 0)]
    public void An_entry_is_the_period_and_not_more_than_the_minutes(
        string start,
        string? end,
        string? minutes,
        int seconds
    )
    {
        var entries = TimeEntries.OfTask(Given.Task("t", "completed", Spent(start, end, minutes)), "ccm");

        Assert.Equal(seconds, entries.Sum(e => (e.End - e.Start).TotalSeconds));
    }

    [Theory]
    [InlineData("", "ccm", "ccm", TimeOf.ClinicalStaff)]
    [InlineData(",{'url':'program','valueCode':'rpm'}", "ccm", "rpm", TimeOf.ClinicalStaff)]
    [InlineData(
        ",{'url':'program','valueCode':'none'},{'url':'role','valueCode':'practitioner'}",
        "ccm",
        "none",
        TimeOf.Practitioner
    )]
    [InlineData(",{'url':'role','valueCode':'something'}", "pcm", "pcm", TimeOf.ClinicalStaff)]
    public void What_an_entry_does_not_say_is_taken_from_the_patient(
        string more,
        string only,
        string program,
        TimeOf role
    )
    {
        var entry = Assert.Single(
            TimeEntries.OfTask(
                Given.Task("t", "completed", Spent("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "20", more)),
                only
            )
        );

        Assert.Equal(
            (program, role, "Practitioner/a", "Task/t"),
            (entry.Program, entry.Role, entry.Performer, entry.Source)
        );
        Assert.Equal(
            more.Contains("program", StringComparison.Ordinal) ? 1 : 0,
            TimeEntries
                .OfTask(
                    Given.Task("t", "completed", Spent("2026-11-05T10:00:00Z", "2026-11-05T10:20:00Z", "20", more)),
                    null
                )
                .Count()
        );
    }

    [Theory]
    [InlineData("finished", "VR", 20)]
    [InlineData("finished", "HH", 20)]
    [InlineData("finished", "AMB", 0)]
    [InlineData("finished", "IMP", 0)]
    [InlineData("planned", "VR", 0)]
    [InlineData("in-progress", "VR", 0)]
    [InlineData("cancelled", "VR", 0)]
    [InlineData("entered-in-error", "VR", 0)]
    public void An_encounter_counts_where_it_is_a_contact_of_the_programme(string status, string type, int minutes)
    {
        var encounter = Given.Resource("Encounter", "x", $"'status':'{status}','class':{{'code':'{type}'}},{Whole}");

        Assert.Equal(
            minutes,
            TimeEntries.OfEncounter(encounter, Programs, null).Sum(e => (e.End - e.Start).TotalMinutes)
        );
        Assert.Empty(TimeEntries.OfEncounter(encounter, new Dictionary<string, string>(), "ccm"));
    }

    [Theory]
    [InlineData("{'value':11,'code':'min'}", 660)]
    [InlineData("{'value':11,'unit':'minutes'}", 660)]
    [InlineData("{'value':0.25,'code':'h'}", 900)]
    [InlineData("{'value':1190,'code':'s'}", 1190)]
    [InlineData("{'value':2,'code':'h'}", 1200)]
    [InlineData("{'value':3,'code':'d'}", 1200)]
    public void The_length_of_an_encounter_is_what_counts_of_its_period(string length, int seconds)
    {
        var encounter = Given.Resource(
            "Encounter",
            "x",
            $"'status':'finished','class':{{'code':'VR'}},'length':{length},{Whole}"
        );

        var entry = Assert.Single(TimeEntries.OfEncounter(encounter, Programs, null));

        Assert.Equal(seconds, (entry.End - entry.Start).TotalSeconds);
        Assert.True(entry.IsContact);
    }

    [Fact]
    public void A_visit_is_as_long_as_it_says_and_a_stay_is_all_of_its_days()
    {
        var visit = Given.Resource(
            "Encounter",
            "x",
            "'status':'finished','class':{'code':'AMB'},'period':{'start':'2026-11-05'}"
        );
        Assert.Equal(
            (
                new DateTimeOffset(2026, 11, 5, 5, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2026, 11, 6, 4, 59, 59, TimeSpan.Zero)
            ),
            TimeEntries.VisitOf(visit, Given.NewYork) is { } at
                ? (at.Start.ToUniversalTime(), at.End.ToUniversalTime())
                : default
        );
        Assert.Null(TimeEntries.StayOf(visit, Given.NewYork));
        var stay = Given.Resource(
            "Encounter",
            "x",
            "'status':'in-progress','class':{'code':'IMP'},'period':{'start':'2026-11-06T02:00:00Z'}"
        );
        Assert.Equal(new DayRange(new(2026, 11, 5), DateOnly.MaxValue), TimeEntries.StayOf(stay, Given.NewYork));
        Assert.Null(TimeEntries.VisitOf(stay, Given.NewYork));
    }

    [Theory]
    [InlineData(
        "Task",
        "'extension':[{'url':'TIME','extension':[]}],'for':{'reference':'Patient/p'},'executionPeriod':{'end':'2026-11-15T10:00:00Z'}",
        "2026-11"
    )]
    [InlineData(
        "Task",
        "'extension':[{'url':'TIME','extension':[]}],'for':{'reference':'Patient/p'},'executionPeriod':{'end':'2026-10-31T23:00:00Z'}",
        "2026-11 2026-10"
    )]
    [InlineData(
        "Encounter",
        "'class':{'code':'IMP'},'subject':{'reference':'Patient/p'},'period':{'start':'2026-08-20','end':'2026-10-03'}",
        "2026-10 2026-09 2026-08"
    )]
    [InlineData(
        "Encounter",
        "'class':{'code':'IMP'},'subject':{'reference':'Patient/p'},'period':{'start':'2026-10-20'}",
        "2026-11 2026-10"
    )]
    [InlineData(
        "Consent",
        "'category':[{'coding':[{'system':'https://carecoordination.example/fhir/CodeSystem/care-program','code':'ccm'}]}],'patient':{'reference':'Patient/p'},'dateTime':'2026-09-15'",
        "2026-11 2026-10 2026-09"
    )]
    [InlineData("Task", "'for':{'reference':'Patient/p'}", null)]
    [InlineData("Encounter", "'class':{'code':'VR'},'subject':{'reference':'Patient/p'}", null)]
    [InlineData("Consent", "'patient':{'reference':'Patient/p'}", null)]
    public void The_months_that_something_may_change_are_those_of_its_time(string type, string elements, string? months)
    {
        var document = ResourceDocument
            .Parse(
                Given
                    .Resource(type, "x", elements.Replace("TIME", CareExtensions.TimeSpent, StringComparison.Ordinal))
                    .Utf8Json
            )
            .Value;
        var triggers = ChargeTriggers.Of(type, document, new DateOnly(2026, 11, 23)).ToArray();

        Assert.Equal(months is not null, ChargeTriggers.MayFollow(type, document));
        if (months is not null)
            Assert.Equal(months, string.Join(' ', triggers.Select(t => $"{t.Day:yyyy-MM}")));
        Assert.All(triggers, t => Assert.Equal("Patient/p", t.Patient));
    }

    [Fact]
    public void A_record_of_ages_changes_no_more_than_two_years()
    {
        var document = ResourceDocument
            .Parse(
                Given
                    .Resource(
                        "Encounter",
                        "x",
                        "'class':{'code':'NONAC'},'subject':{'reference':'Patient/p'},'period':{'start':'1950-01-01'}"
                    )
                    .Utf8Json
            )
            .Value;

        Assert.Equal(24, ChargeTriggers.Of("Encounter", document, new DateOnly(2026, 11, 23)).Count());
    }

    private static string Spent(string start, string? end, string? minutes, string more = "") =>
        $"'extension':[{{'url':'{CareExtensions.TimeSpent}','extension':[{{'url':'performer','valueReference':{{'reference':'Practitioner/a'}}}}"
        + (minutes is null ? "" : $",{{'url':'minutes','valueDecimal':{minutes}}}")
        + $",{{'url':'period','valuePeriod':{{'start':'{start}'{(end is null ? "" : $",'end':'{end}'")}}}}}{more}]}}]";
}
