using CareCoordination.Fhir.Json;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>A rule on one value. Its text says what it asks, as a line of the compiled schema.</summary>
internal abstract class Rule
{
    /// <summary>Reports what is wrong with <paramref name="value"/>, whose JSON form is already right.</summary>
    public abstract void Check(RuleContext context, JsonValue value);

    public abstract override string ToString();
}
