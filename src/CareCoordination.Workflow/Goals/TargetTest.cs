using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Goals;

/// <summary>How far a reading is from a target.</summary>
/// <param name="Distance">0 where it is met; in the unit of the target. Null for targets that are met or not, without a distance.</param>
internal readonly record struct Aim(bool IsMet, decimal? Distance);

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
    private readonly string? _unit;

    private TargetTest(
        GoalTargetView target,
        decimal? low,
        decimal? high,
        bool excludesLow,
        bool excludesHigh,
        string? unit,
        CareRules rules
    )
    {
        _target = target;
        (_low, _high, _excludesLow, _excludesHigh, _unit) = (low, high, excludesLow, excludesHigh, unit);
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
            return Bound(target, value, quantity.Comparator, UnitOf(quantity), baseline, rules);
        if (target.DetailInteger is { } integer)
            return Bound(target, integer, null, null, baseline, rules);
        if (target.DetailRange is { Exists: true } range && (range.Low.Value ?? range.High.Value) is not null)
            return new TargetTest(
                target,
                range.Low.Value,
                range.High.Value,
                false,
                false,
                UnitOf(range.Low) ?? UnitOf(range.High),
                rules
            );
        return target.DetailCodeableConcept.Exists || target.DetailBoolean is not null
            ? new TargetTest(target, null, null, false, false, null, rules)
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

    private static TargetTest Bound(
        GoalTargetView target,
        decimal value,
        string? comparator,
        string? unit,
        Func<CodeableConceptView, MeasuredValue?> baseline,
        CareRules rules
    )
    {
        TargetTest Make(decimal? low, decimal? high, bool excludes) =>
            new(target, low, high, excludes && low is not null, excludes && high is not null, unit, rules);

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
                && (_unit is null || UnitOf(value.Quantity) is not { } unit || unit == _unit)
                ? quantity
                : null;
        }

        return value.Integer;
    }

    private static string? UnitOf(QuantityView quantity) => quantity.Code ?? quantity.Unit;

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
