using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;

namespace CareCoordination.Workflow.Goals;

/// <summary>How a value stands to a threshold.</summary>
internal enum ThresholdFit
{
    Within,

    Beyond,

    /// <summary>Nobody can tell: the unit does not convert, or the value is a bound that may lie on either side.</summary>
    Unknown,

    /// <summary>It has no number: a device that failed, a code.</summary>
    NoNumber,
}

/// <summary>
/// A value of a measure at which somebody has to look: an extension of <c>Goal.target</c>. It says when care has to act, where
/// the target says what is aimed at.
/// </summary>
/// <param name="Comparator">As of a Quantity: <c>&gt;=</c> 180 is 180 and above.</param>
/// <param name="Units">The code before the words; empty where it has none.</param>
/// <param name="Priority">Of the Task that a reading beyond it makes.</param>
/// <param name="Readings">How many in a row have to be beyond it.</param>
public sealed record ReadingThreshold(
    decimal Value,
    string Comparator,
    ImmutableArray<string> Units,
    string Priority,
    int Readings
)
{
    /// <summary>More in a row are not asked for: all of them are read with each new one.</summary>
    public const int MostReadings = TargetTest.MostRequired;

    /// <summary>Those of a target that can be used; what cannot is refused where it is written.</summary>
    public static ImmutableArray<ReadingThreshold> Of(GoalTargetView target)
    {
        var thresholds = ImmutableArray.CreateBuilder<ReadingThreshold>();
        foreach (var extension in target.Extension)
        {
            if (extension.Url == CareExtensions.ReadingThreshold && Of(extension) is { } threshold)
                thresholds.Add(threshold);
        }

        return thresholds.ToImmutable();
    }

    /// <summary>The most readings that a threshold of the target waits for; 0 where it has none.</summary>
    public static int MostInARow(GoalTargetView target) => Of(target).Select(t => t.Readings).DefaultIfEmpty().Max();

    /// <summary>True for a goal with a threshold, which readings may cross.</summary>
    public static bool IsOn(Snapshot goal)
    {
        foreach (var target in GoalView.From(ResourceDocument.Parse(goal.Utf8Json).Value).Target)
        {
            if (!Of(target).IsEmpty)
                return true;
        }

        return false;
    }

    /// <summary>As <c>at least 180 mm[Hg]</c>.</summary>
    public string Words
    {
        get
        {
            var words = Comparator switch
            {
                QuantityComparatorCodes.LessThan => "below",
                QuantityComparatorCodes.LessOrEqualTo => "at most",
                QuantityComparatorCodes.GreaterThan => "above",
                _ => "at least",
            };
            return $"{words} {FormattableString.Invariant($"{Value}")} {Units.FirstOrDefault()}".TrimEnd();
        }
    }

    internal ThresholdFit FitOf(MeasuredValue measured)
    {
        var quantity = measured.Quantity;
        if (!quantity.Exists)
            return measured.Integer is { } integer ? FitOf(integer, null) : ThresholdFit.NoNumber;
        if (quantity.Value is not { } value)
            return ThresholdFit.NoNumber;
        return InOwnUnit(value, quantity) is { } converted
            ? FitOf(converted, quantity.Comparator)
            : ThresholdFit.Unknown;
    }

    private bool IsUpper =>
        Comparator is QuantityComparatorCodes.GreaterThan or QuantityComparatorCodes.GreaterOrEqualTo;

    private bool IncludesItself =>
        Comparator is QuantityComparatorCodes.LessOrEqualTo or QuantityComparatorCodes.GreaterOrEqualTo;

    /// <summary>A meter that says more than 600 is beyond a threshold of 300, and one that says less than 40 is not.</summary>
    private ThresholdFit FitOf(decimal value, string? bound)
    {
        // As distances beyond the threshold, so that both directions are one.
        var beyond = IsUpper ? value.CompareTo(Value) : Value.CompareTo(value);
        if (bound is null)
            return beyond > 0 || (beyond == 0 && IncludesItself) ? ThresholdFit.Beyond : ThresholdFit.Within;
        var isAway =
            IsUpper == bound is QuantityComparatorCodes.GreaterThan or QuantityComparatorCodes.GreaterOrEqualTo;
        var isOpen = bound is QuantityComparatorCodes.GreaterThan or QuantityComparatorCodes.LessThan;
        if (isAway)
            return beyond > 0 || (beyond == 0 && (isOpen || IncludesItself))
                ? ThresholdFit.Beyond
                : ThresholdFit.Unknown;
        return beyond < 0 || (beyond == 0 && (isOpen || !IncludesItself)) ? ThresholdFit.Within : ThresholdFit.Unknown;
    }

    private decimal? InOwnUnit(decimal value, QuantityView quantity)
    {
        var units = UnitsOf(quantity);
        if (Units.IsEmpty || units.IsEmpty || units.Any(u => Units.Contains(u)))
            return value;
        return units
            .SelectMany(_ => Units, (from, to) => UnitConversion.Convert(value, from, to))
            .FirstOrDefault(v => v is not null);
    }

    private static ReadingThreshold? Of(ExtensionView extension)
    {
        var when = ExtensionView.Find(extension.Extension, CareExtensions.ReadingThresholdWhen).ValueQuantity;
        var priority = ExtensionView.Find(extension.Extension, CareExtensions.ReadingThresholdPriority).ValueCode;
        var readings = ExtensionView
            .Find(extension.Extension, CareExtensions.ReadingThresholdReadings)
            .ValuePositiveInt;
        return when is { Exists: true, Value: { } value, Comparator: { } comparator } && readings is not > MostReadings
            ? new(value, comparator, UnitsOf(when), priority ?? RequestPriorityCodes.Routine, readings ?? 1)
            : null;
    }

    private static ImmutableArray<string> UnitsOf(QuantityView quantity) =>
        [.. new[] { quantity.Code, quantity.Unit }.OfType<string>().Distinct(StringComparer.Ordinal)];
}
