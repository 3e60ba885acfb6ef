using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Values;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>How far a reading is from a target.</summary>
/// <param name="Distance">0 where it is met; in the unit of the target. Null for targets that are met or not, without a distance.</param>
internal readonly record struct Aim(bool IsMet, decimal? Distance);

/// <summary>How a value stands to what a target asks for.</summary>
internal enum ValueFit
{
    Fits,

    /// <summary>The unit is another one, or none that is known: it is kept and says nothing of the target.</summary>
    OtherUnit,

    /// <summary>It is a bound itself, as less than 5: what it says of the target nobody knows.</summary>
    Inexact,

    /// <summary>The unit measures something else: kilograms where millimetres of mercury are meant.</summary>
    OtherDimension,

    /// <summary>A number where a code is meant, or the other way round, or no value at all.</summary>
    OtherType,
}

/// <summary>
/// A target made ready to be compared with readings. https://hl7.org/fhir/R4/goal-definitions.html#Goal.target.detail_x_ A Quantity with a
/// comparator is a bound; one without is a bound on the side away from where the patient began, and a value to have where nobody
/// knows where that was; a Range is to be within, its ends included.
/// </summary>
internal sealed class TargetTest
{
    private readonly GoalTargetView _target;
    private readonly decimal? _low;
    private readonly decimal? _high;
    private readonly bool _excludesLow;
    private readonly bool _excludesHigh;
    private readonly ImmutableArray<string> _units;

    private TargetTest(
        GoalTargetView target,
        decimal? low,
        decimal? high,
        bool excludesLow,
        bool excludesHigh,
        ImmutableArray<string> units,
        CareRules rules
    )
    {
        _target = target;
        (_low, _high, _excludesLow, _excludesHigh, _units) = (low, high, excludesLow, excludesHigh, units);
        RequiredReadings = RequiredOf(target, rules);
        DeadBand =
            ExtensionView.Find(target.Extension, CareExtensions.DeadBand).ValueDecimal
            ?? Math.Abs(high ?? low ?? 0).Times(rules.DeadBandShare);
    }

    /// <summary>A target that asks for more readings in a row asks for as many: all of them are read with each new one.</summary>
    public const int MostRequired = 50;

    public CodeableConceptView Measure => _target.Measure;

    public int RequiredReadings { get; }

    public decimal DeadBand { get; }

    public static int RequiredOf(GoalTargetView target, CareRules rules) =>
        Math.Clamp(
            ExtensionView.Find(target.Extension, CareExtensions.RequiredReadings).ValuePositiveInt
                ?? rules.RequiredReadings,
            1,
            MostRequired
        );

    /// <summary>True for a target that a reading can meet.</summary>
    public static bool CanTest(GoalTargetView target) => Of(target, _ => null, CareRules.Defaults) is not null;

    /// <summary>True where the side on which the patient began decides what the target is.</summary>
    public static bool NeedsBaseline(GoalTargetView target) =>
        target.DetailQuantity is { Exists: true, Value: not null, Comparator: null }
        || target.DetailInteger is not null;

    /// <summary>Null for a target that no reading can meet: without a measure or a detail, or in words.</summary>
    /// <param name="baseline">The first reading of the measure that is known.</param>
    public static TargetTest? Of(
        GoalTargetView target,
        Func<CodeableConceptView, MeasuredValue?> baseline,
        CareRules rules
    )
    {
        if (!target.Measure.Exists)
            return null;
        if (target.DetailQuantity is { Exists: true, Value: { } value } quantity)
            return Bound(target, value, quantity.Comparator, UnitsOf(quantity), baseline, rules);
        if (target.DetailInteger is { } integer)
            return Bound(target, integer, null, [], baseline, rules);
        if (target.DetailRange is { Exists: true } range && (range.Low.Value ?? range.High.Value) is not null)
            return new TargetTest(
                target,
                range.Low.Value,
                range.High.Value,
                false,
                false,
                UnitsOf(range.Low) is { IsEmpty: false } units ? units : UnitsOf(range.High),
                rules
            );
        return target.DetailCodeableConcept.Exists || target.DetailBoolean is not null
            ? new TargetTest(target, null, null, false, false, [], rules)
            : null;
    }

    /// <summary>Null where the value cannot be compared: of another type or unit.</summary>
    public Aim? Aim(MeasuredValue value)
    {
        if (_target.DetailBoolean is { } wanted)
            return value.Boolean is { } answer ? new Aim(answer == wanted, null) : null;
        if (_target.DetailCodeableConcept.Exists)
            return value.Concept.Exists ? new Aim(Shares(value.Concept), null) : null;
        return Number(value) is { } number ? Distance(number) : null;
    }

    /// <summary>Whether the value can be compared, and if not why.</summary>
    public ValueFit FitOf(MeasuredValue value)
    {
        if (Aim(value) is not null)
            return ValueFit.Fits;
        if (_target.DetailBoolean is not null || _target.DetailCodeableConcept.Exists || value.Quantity.Value is null)
            return ValueFit.OtherType;
        return value.Quantity.Comparator is not null ? ValueFit.Inexact
            : UnitConversion.Differ(_units[0], UnitsOf(value.Quantity)[0]) ? ValueFit.OtherDimension
            : ValueFit.OtherUnit;
    }

    /// <summary>The unit of the target; null where it has none.</summary>
    public string? Unit => _units.Length == 0 ? null : _units[0];

    private static TargetTest Bound(
        GoalTargetView target,
        decimal value,
        string? comparator,
        ImmutableArray<string> units,
        Func<CodeableConceptView, MeasuredValue?> baseline,
        CareRules rules
    )
    {
        TargetTest Make(decimal? low, decimal? high, bool excludes) =>
            new(target, low, high, excludes && low is not null, excludes && high is not null, units, rules);

        switch (comparator)
        {
            case QuantityComparatorCodes.LessThan:
                return Make(null, value, true);
            case QuantityComparatorCodes.LessOrEqualTo:
                return Make(null, value, false);
            case QuantityComparatorCodes.GreaterOrEqualTo:
                return Make(value, null, false);
            case QuantityComparatorCodes.GreaterThan:
                return Make(value, null, true);
        }

        var exact = Make(value, value, false);
        var began = baseline(target.Measure) is { } first ? exact.Number(first) : null;
        if (began > value)
            return Make(null, value, false);
        return began < value ? Make(value, null, false) : exact;
    }

    private Aim Distance(decimal number)
    {
        if (_low is { } low && (number < low || (_excludesLow && number == low)))
            return new Aim(false, low.Minus(number));
        if (_high is { } high && (number > high || (_excludesHigh && number == high)))
            return new Aim(false, number.Minus(high));
        return new Aim(true, 0);
    }

    private decimal? Number(MeasuredValue value)
    {
        if (value.Quantity is { Exists: true, Value: { } quantity })
        {
            // A reading "<5" is no number to compare, and one in another unit is another number.
            return
                value.Quantity.Comparator is null
                && (
                    _units.IsEmpty
                    || UnitsOf(value.Quantity) is not { IsEmpty: false } units
                    || units.Any(_units.Contains)
                )
                ? quantity
                : null;
        }

        return value.Integer;
    }

    /// <summary>The code before the words: either says which unit it is.</summary>
    private static ImmutableArray<string> UnitsOf(QuantityView quantity) =>
        [.. new[] { quantity.Code, quantity.Unit }.OfType<string>()];

    private bool Shares(CodeableConceptView concept)
    {
        foreach (var coding in _target.DetailCodeableConcept.Coding)
        {
            if (coding is { System: { } system, Code: { } code } && concept.Has(system, code))
                return true;
        }

        return false;
    }
}
