using System.Collections.Immutable;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>A reading and how far it is from a target.</summary>
internal readonly record struct AimedReading(Reading Reading, Aim Aim);

/// <summary>One target with the readings that can be compared with it, in the order in which they were true.</summary>
internal sealed record TargetEvidence(TargetTest Test, ImmutableArray<AimedReading> Aims)
{
    /// <summary>As many as are required in a row meet it.</summary>
    public bool IsAchieved =>
        Aims.Length >= Test.RequiredReadings && Aims[^Test.RequiredReadings..].All(a => a.Aim.IsMet);

    public TargetEvidence Without(Reading reading) => this with { Aims = [.. Aims.Where(a => a.Reading != reading)] };
}

/// <summary>The targets of a goal with all that is known of them, the readings that are being written included.</summary>
internal static class GoalEvidence
{
    /// <param name="news">Of the patient of the goal; one that replaces a known one goes before it.</param>
    public static ImmutableArray<TargetEvidence> Of(
        GoalView goal,
        IReadOnlyCollection<Reading> news,
        KnownReadings known,
        CareRules rules
    )
    {
        var evidence = ImmutableArray.CreateBuilder<TargetEvidence>();
        var replaced = news.Select(n => n.Reference).ToHashSet(StringComparer.Ordinal);
        Reading[] current = [.. news.Where(n => Counts(n, known))];
        foreach (var target in goal.Target)
        {
            var window = known.Of(target.Measure);
            var (latest, first) = (Kept(window?.Latest, replaced, known), Kept(window?.First, replaced, known));
            if (
                TargetTest.Of(target, measure => Baseline(measure, [.. first, .. latest, .. current]), rules)
                is not { } test
            )
                continue;
            // Between a reading that is older than a full window and the window lie others that nobody has read.
            var oldest = window is { IsWhole: false } ? window.Latest.Min(r => r.At) : DateTimeOffset.MinValue;
            evidence.Add(new(test, AimsOf(test, latest.Concat(current.Where(n => n.At >= oldest)))));
        }

        return evidence.ToImmutable();
    }

    private static ImmutableArray<Reading> Kept(
        ImmutableArray<Reading>? readings,
        HashSet<string> replaced,
        KnownReadings known
    ) => [.. (readings ?? []).Where(r => !replaced.Contains(r.Reference) && Counts(r, known))];

    private static bool Counts(Reading reading, KnownReadings known) => known.Life?.Has(reading) ?? true;

    private static ImmutableArray<AimedReading> AimsOf(TargetTest test, IEnumerable<Reading> readings) =>
        [
            .. InOrder(readings)
                .SelectMany(r =>
                    r.Of(test.Measure) is { } value && test.Aim(value) is { } aim
                        ? [new AimedReading(r, aim)]
                        : Array.Empty<AimedReading>()
                ),
        ];

    private static MeasuredValue? Baseline(CodeableConceptView measure, IEnumerable<Reading> readings) =>
        InOrder(readings).Select(r => r.Of(measure)).FirstOrDefault(v => v is not null);

    private static IEnumerable<Reading> InOrder(IEnumerable<Reading> readings) =>
        readings.Where(r => r.Counts).OrderBy(r => r.At).ThenBy(r => r.Reference, StringComparer.Ordinal);
}
