using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Billing;

/// <summary>All that there is of a patient that a month is told from. What is missing here is missing on the bill.</summary>
/// <param name="Patient">As a reference.</param>
public sealed record BillingRecord(string Patient)
{
    /// <summary>Of programmes, whenever.</summary>
    public ImmutableArray<Snapshot> Episodes { get; init; } = [];

    /// <summary>Worked on in the month, and those of transitions.</summary>
    public ImmutableArray<Snapshot> Tasks { get; init; } = [];

    /// <summary>In the month, and visits before it.</summary>
    public ImmutableArray<Snapshot> Encounters { get; init; } = [];

    public ImmutableArray<Snapshot> Consents { get; init; } = [];

    public ImmutableArray<Snapshot> Plans { get; init; } = [];

    /// <summary>What was done to the plans in the month: their Provenances.</summary>
    public ImmutableArray<Snapshot> PlanActs { get; init; } = [];

    public ImmutableArray<Snapshot> Conditions { get; init; } = [];

    public ImmutableArray<Snapshot> Coverages { get; init; } = [];

    /// <summary>Readings of devices in the month and the window before it.</summary>
    public ImmutableArray<Snapshot> Readings { get; init; } = [];

    /// <summary>Charges of the patient, whoever made them.</summary>
    public ImmutableArray<Snapshot> Charges { get; init; } = [];

    /// <summary>The day on which the patient died; null where that is not told.</summary>
    public DateOnly? Died { get; init; }

    /// <summary>As it will be when these are stored.</summary>
    /// <param name="written">Of this patient; null documents are taken away.</param>
    public BillingRecord With(IEnumerable<(ResourceKey Key, int Version, ResourceDocument? After)> written)
    {
        var record = this;
        foreach (var (key, version, after) in written)
        {
            var snapshot = after is null
                ? default(Snapshot?)
                : new Snapshot(key, version + 1, new ResourceEditor(after).ToUtf8Json());
            record = key.Type switch
            {
                ResourceTypes.EpisodeOfCare => record with { Episodes = Put(record.Episodes, key, snapshot) },
                ResourceTypes.Task => record with { Tasks = Put(record.Tasks, key, snapshot) },
                ResourceTypes.Encounter => record with { Encounters = Put(record.Encounters, key, snapshot) },
                ResourceTypes.Consent => record with { Consents = Put(record.Consents, key, snapshot) },
                ResourceTypes.CarePlan => record with { Plans = Put(record.Plans, key, snapshot) },
                _ => record,
            };
        }

        return record;
    }

    private static ImmutableArray<Snapshot> Put(ImmutableArray<Snapshot> all, ResourceKey key, Snapshot? written) =>
        [.. all.Where(s => s.Key != key), .. written is { } snapshot ? [snapshot] : Array.Empty<Snapshot>()];
}

/// <summary>The episode of a programme, read for one month.</summary>
/// <param name="Days">From its beginning to its end.</param>
/// <param name="Consented">From the consent on; null where there is none.</param>
public sealed record ProgramEpisode(Snapshot Snapshot, string Program, DayRange Days, DayRange? Consented)
{
    public string Reference => Snapshot.Key.ToString();

    public string? Organization { get; init; }

    /// <summary>The consent that is on record, as a reference.</summary>
    public string? Consent { get; init; }

    /// <summary>The conditions that it is for.</summary>
    public ImmutableArray<string> Conditions { get; init; } = [];

    /// <summary>Null where the episode is of no programme, or never began.</summary>
    public static ProgramEpisode? Of(Snapshot snapshot, IEnumerable<Snapshot> consents, TimeZoneInfo zone)
    {
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(snapshot.Utf8Json).Value);
        if (
            CarePrograms.Of(view) is not { } program
            || view.Status
                is not (
                    EpisodeOfCareStatusCodes.Active
                    or EpisodeOfCareStatusCodes.Onhold
                    or EpisodeOfCareStatusCodes.Finished
                )
        )
            return null;
        var named = ExtensionView.Find(view.Extension, CareExtensions.ProgramConsent).ValueReference.Target();
        var consent = consents
            .Where(c => c.Key.ToString() == named || (named is null && IsFor(c, program)))
            .Select(c => (Key: c.Key.ToString(), Days: DaysOf(c, zone)))
            .Where(c => c.Days is not null)
            .OrderBy(c => c.Days!.Value.First)
            .FirstOrDefault();
        return new ProgramEpisode(
            snapshot,
            program,
            new DayRange(
                CareDate.Of(view.Period.Start)?.DayIn(zone) ?? DateOnly.MinValue,
                CareDate.Of(view.Period.End)?.LastDayIn(zone) ?? DateOnly.MaxValue
            ),
            consent.Days
        )
        {
            Organization = view.ManagingOrganization.Target(),
            Consent = consent.Key,
            Conditions = [.. view.Diagnosis.Select(d => d.Condition.Target()).OfType<string>().Distinct()],
        };
    }

    /// <summary>A consent that is of a category with the code of the programme.</summary>
    private static bool IsFor(Snapshot consent, string program) =>
        ConsentView
            .From(ResourceDocument.Parse(consent.Utf8Json).Value)
            .Category.Any(c => c.Has(CarePrograms.System, program));

    /// <summary>
    /// The days on which a consent holds: from the day on which it was given, or its provision begins. Null for one that is not active, or
    /// denies.
    /// </summary>
    private static DayRange? DaysOf(Snapshot consent, TimeZoneInfo zone)
    {
        var view = ConsentView.From(ResourceDocument.Parse(consent.Utf8Json).Value);
        if (view.Status != ConsentStateCodesCodes.Active || view.Provision.Type == "deny")
            return null;
        var given = CareDate.Of(view.DateTime)?.DayIn(zone) ?? DateOnly.MinValue;
        var begins = CareDate.Of(view.Provision.Period.Start)?.DayIn(zone) ?? DateOnly.MinValue;
        return new DayRange(
            given > begins ? given : begins,
            CareDate.Of(view.Provision.Period.End)?.LastDayIn(zone) ?? DateOnly.MaxValue
        );
    }
}
