using System.Collections.Immutable;

namespace CareCoordination.Application.Operations;

/// <summary>
/// A parameter that an operation takes. https://hl7.org/fhir/R4/operationdefinition-definitions.html#OperationDefinition.parameter
/// </summary>
/// <param name="Types">The FHIR types it may have; <c>Resource</c> for a resource, <c>*</c> for any value, empty for parts only.</param>
/// <param name="Documentation">A sentence for whoever calls it.</param>
public sealed record OperationParameter(string Name, ImmutableArray<string> Types, string Documentation)
{
    /// <summary>400 where it is missing.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Needed by a rule of the workflow, which refuses with 422 where it is missing.</summary>
    public bool IsNeededByRule { get; init; }

    public bool IsRepeatable { get; init; }

    public ImmutableArray<OperationParameter> Parts { get; init; } = [];

    /// <summary>How it is to be sent: <c>valueReference</c>.</summary>
    public string HowToSend =>
        Types.IsEmpty
            ? "parts"
            : string.Join(
                " or ",
                Types.Select(t =>
                    t switch
                    {
                        "Resource" => "a resource",
                        "*" => "a value of any type",
                        _ => $"value{char.ToUpperInvariant(t[0])}{t[1..]}",
                    }
                )
            );
}

/// <summary>The parameters that many operations share, with one name and one meaning.</summary>
public static class Take
{
    public static readonly OperationParameter Practitioner = new(
        "practitioner",
        ["Reference"],
        "Who acts. Where it is left out, the record says that this server does not know."
    );

    public static readonly OperationParameter Reason = new(
        "reason",
        ["CodeableConcept", "string"],
        "Why it is done, for the record."
    );

    public static readonly OperationParameter NeededReason = Reason with { IsNeededByRule = true };

    public static readonly OperationParameter Owner = new("owner", ["Reference"], "Who is to do it.");

    public static readonly ImmutableArray<string> Time = ["dateTime", "date", "instant"];

    public static readonly ImmutableArray<string> Number = ["decimal", "integer", "positiveInt", "unsignedInt"];
}
