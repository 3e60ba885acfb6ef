using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Sessions;

/// <summary>Opens sessions: one for each request, whoever asks and by whichever door.</summary>
public sealed class CareSessions(
    IServiceScopeFactory scopes,
    AccessPolicy policy,
    AuditTrail trail,
    TimeProvider time,
    ILogger<UnavailableLog> log
)
{
    /// <summary>For what is refused before it is an interaction; interactions leave their lines themselves.</summary>
    public AuditTrail Trail => trail;

    /// <summary>Asks for one interaction in a session of its own.</summary>
    public async Task<FhirResponse> SendAsync(
        Caller caller,
        FhirInteraction interaction,
        CancellationToken cancellationToken
    )
    {
        await using var session = Open(caller);
        if (session.Session.Rights.Refuses(interaction) is { } refused)
        {
            FhirResponse forbidden = refused;
            await trail.AddAsync(caller, interaction, forbidden);
            return forbidden;
        }

        if (interaction.IsQuestion && !session.Session.Rights.IsUnlimited)
            session.Get<ReadGate>().AnswerFromWhatIsSeen(time);
        FhirInteraction prepared;
        try
        {
            prepared = await interaction.PrepareAsync(session.Services, cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            // As AnswerBehavior does, which sees what is prepared only.
            Log.StoreUnavailable(log, e, interaction.Code, interaction.ResourceType);
            var answer = FhirResponse.Unavailable(e);
            await trail.AddAsync(caller, interaction, answer);
            return answer;
        }

        return await session.Get<IMediator>().Send(prepared, cancellationToken);
    }

    /// <summary>A session for what is no interaction: to be disposed of where it ends.</summary>
    public OpenSession Open(Caller caller)
    {
        var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<ReadGate>().Open(caller, policy.Of(caller));
        return new OpenSession(scope);
    }
}

/// <summary>A session and what works in it.</summary>
public readonly struct OpenSession(AsyncServiceScope scope) : IAsyncDisposable
{
    public CareSession Session => Get<CareSession>();

    internal IServiceProvider Services => scope.ServiceProvider;

    public T Get<T>()
        where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

    public ValueTask DisposeAsync() => scope.DisposeAsync();
}
