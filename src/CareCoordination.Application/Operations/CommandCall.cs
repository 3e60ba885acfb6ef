using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Application.Operations;

/// <summary>What all commands have in common.</summary>
/// <param name="Name">The operation, without <c>$</c>.</param>
/// <param name="Key">The resource that is asked; with an empty id where the type is.</param>
/// <param name="RequiredVersion">Of If-Match; null: any.</param>
public sealed record CommandCall(
    string Name,
    ResourceKey Key,
    Agent By,
    Reason? Reason,
    VersionDemand? RequiredVersion,
    IdempotencyKey? Idempotency
)
{
    /// <summary>As <see cref="Operation.MakesAnswer"/>.</summary>
    public bool MakesAnswer { get; init; }

    /// <summary>What a decision has to know of the command, at an instant and by the clock of an organisation.</summary>
    public CommandContext At(DateTimeOffset now, CarePolicy policy) => new(By, now, policy.Today(now), Reason);
}

/// <summary>An operation that changes something: one request with one handler.</summary>
public abstract record Command(CommandCall Call)
    : FhirInteraction($"${Call.Name}", Call.Key.Type, Call.Key.Id.Length == 0 ? null : Call.Key.Id)
{
    /// <summary>
    /// True where the decision relies on how many there are of something, or on nobody doing the same: it is made with nobody else
    /// writing.
    /// </summary>
    public virtual bool IsDecidedInTurn => false;
}
