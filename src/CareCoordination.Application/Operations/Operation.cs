using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Application.Operations;

public delegate Result<FhirInteraction> ReadOperation(OperationInput input);

/// <summary>
/// One row of the <see cref="OperationTable"/>. https://hl7.org/fhir/R4/operations.html
/// </summary>
/// <param name="Name">Without <c>$</c>.</param>
/// <param name="Description">What it does, in a sentence or two.</param>
/// <param name="Read">From its parameters to the interaction.</param>
public sealed record Operation(string ResourceType, string Name, string Description, ReadOperation Read)
{
    /// <summary>What stands for the type of an operation of the whole server.</summary>
    public const string System = "System";

    public ImmutableArray<OperationParameter> Parameters { get; init; } = [];

    /// <summary>True where it is asked of the type, not of one resource.</summary>
    public bool IsOnType { get; init; }

    /// <summary>True where there is a way of asking by which something changes.</summary>
    public bool MayAffectState => AffectsState || ChangesBy is not null;

    /// <summary>True where it is asked of the server; its <see cref="ResourceType"/> is then <see cref="System"/>.</summary>
    public bool IsOnSystem => ResourceType == System;

    /// <summary>True where it is asked of one resource.</summary>
    public bool IsOnInstance { get; init; } = true;

    /// <summary>False where nothing changes.</summary>
    public bool AffectsState { get; init; } = true;

    /// <summary>The parameter of a POST that has it change something; null: none does. By GET it is not taken.</summary>
    public string? ChangesBy { get; init; }

    /// <summary>True where the work goes on after the answer: 202, and Content-Location says where to look.</summary>
    public bool AnswersLater { get; init; }

    /// <summary>What DELETE of the operation's URL does; null where it is not allowed.</summary>
    public ReadOperation? ReadDelete { get; init; }

    /// <summary>True where the answer is rows in a format of its own, which <c>_format</c> and Accept choose.</summary>
    public bool AnswersRows { get; init; }

    /// <summary>What is added to a body before it is held to the rules; null: nothing.</summary>
    public Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? Complete { get; init; }

    /// <summary>The type of the answer.</summary>
    public string Answer { get; init; } = ResourceType;

    /// <summary>True where the answer is a resource that it makes: answered 201 with its Location.</summary>
    public bool MakesAnswer { get; init; }

    /// <summary>The canonical of R4's own definition, which this one adds to; null for an operation of this server.</summary>
    public string? StandardDefinition { get; init; }

    /// <summary>
    /// What is done with a request that cannot be read, where it is not only answered; null where nothing is. The function answers null where
    /// nothing is done with that one.
    /// </summary>
    public Func<InteractionRequest, Failure, FhirDefinitions, FhirInteraction?>? Keep { get; init; }

    /// <summary>The id of its OperationDefinition.</summary>
    public string Id => $"{ResourceType}-{Name}";

    public string Code => $"${Name}";

    /// <summary>The parameter that the body itself may be; null where it is always Parameters.</summary>
    public OperationParameter? BodyParameter =>
        Parameters.Where(p => p.Types is ["Resource"] && !p.IsRepeatable).ToArray() is [var only] ? only : null;

    /// <summary>True where GET will do: nothing changes, and what it takes can be said in a URL.</summary>
    public bool TakesGet => !AffectsState && BodyParameter is null;

    /// <summary>True where <c>_format</c> says in which format files are made, not how the answer is written.</summary>
    public bool TakesFormat => Parameters.Any(p => p.Name == "_format");

    public bool NeedsBody => Parameters.Any(p => p.IsRequired || p.IsNeededByRule);
}
