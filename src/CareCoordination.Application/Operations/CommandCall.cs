using System.Collections.Immutable;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;
using Microsoft.Extensions.DependencyInjection;

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
    /// <summary>The people and resources that it names, to be looked up before it is decided.</summary>
    public ImmutableArray<NamedReference> Named { get; init; } = [];

    /// <summary>Why it is refused whatever it would decide; null where nothing is known against it.</summary>
    public Failure? Refusal { get; init; }

    /// <summary>What the next reader should know; null where nothing is said.</summary>
    public string? Note { get; init; }

    /// <summary>As <see cref="Operation.MakesAnswer"/>.</summary>
    public bool MakesAnswer { get; init; }

    /// <summary>What a decision has to know of the command, at an instant and by the clock of an organisation.</summary>
    public CommandContext At(DateTimeOffset now, CarePolicy policy) =>
        new(By, now, policy.Today(now), Reason) { Zone = policy.TimeZone, Note = Note };
}

/// <summary>An operation that changes something: one request with one handler.</summary>
public abstract record Command(CommandCall Call)
    : FhirInteraction($"${Call.Name}", Call.Key.Type, Call.Key.Id.Length == 0 ? null : Call.Key.Id)
{
    public sealed override bool IsCommand => true;

    public sealed override async ValueTask<FhirInteraction> PrepareAsync(
        IServiceProvider session,
        CancellationToken cancellationToken
    ) => this with { Call = await session.GetRequiredService<CommandPeople>().IntroduceAsync(Call, cancellationToken) };

    /// <summary>
    /// True where the decision relies on how many there are of something, or on nobody doing the same: it is made with nobody else
    /// writing.
    /// </summary>
    public virtual bool IsDecidedInTurn => false;

    /// <summary>True where it is asked of what the caller need not see, and have no relation to.</summary>
    public virtual bool NeedsNoRelation => false;
}
