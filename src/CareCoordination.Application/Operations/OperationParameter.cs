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

    /// <summary>What its reference has to lead to.</summary>
    public Naming Names { get; init; }

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
    )
    {
        Names = Naming.Worker,
    };

    public static readonly OperationParameter Reason = new(
        "reason",
        ["CodeableConcept", "string"],
        "Why it is done, for the record."
    );

    public static readonly OperationParameter NeededReason = Reason with { IsNeededByRule = true };

    public static readonly OperationParameter Consent = new(
        "consent",
        ["Reference"],
        "The patient's Consent that counts, where the programme needs one; any active one where it is left out."
    )
    {
        Names = Naming.Resource,
    };

    public static readonly OperationParameter AllowConcurrent = new(
        "allowConcurrent",
        ["boolean"],
        "True: another active plan of the same template and category is meant to go on beside it."
    );

    public static readonly OperationParameter Owner = new("owner", ["Reference"], "Who is to do it.")
    {
        Names = Naming.Worker,
    };

    public static readonly ImmutableArray<string> Time = ["dateTime", "date", "instant"];

    public static readonly ImmutableArray<string> Number = ["decimal", "integer", "positiveInt", "unsignedInt"];

    public static readonly OperationParameter Note = new(
        "note",
        ["string", "markdown"],
        "What the next reader should know."
    );

    /// <summary>What every command of a task or a goal takes, last.</summary>
    public static readonly ImmutableArray<OperationParameter> Told = [Note, Reason, Practitioner];

    /// <summary>As <see cref="Told"/>, for a command that needs a reason.</summary>
    public static readonly ImmutableArray<OperationParameter> ToldWhy = [Note, NeededReason, Practitioner];

    /// <summary>What every command of a task takes after which somebody may have worked.</summary>
    public static readonly ImmutableArray<OperationParameter> Worked =
    [
        new("minutes", Number, "Minutes worked."),
        new("start", Time, "When work began; when the task says, or the minutes before its end, where it is left out."),
        new("end", Time, "When work ended; now where it is left out."),
    ];
}
