using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Requests;

namespace CareCoordination.Application.Sessions;

/// <summary>
/// One line for each interaction, also for each entry of a transaction: what was asked of which resource by whom, and the answer's
/// status. Never content.
/// </summary>
public sealed class AuditTrail(ILogger<AuditTrail> log)
{
    /// <param name="id">Of the resource that a create made or a condition found; null where the interaction says which, or there is none.</param>
    public void Add(Caller caller, FhirInteraction interaction, int status, string? id)
    {
        if (log.IsEnabled(LogLevel.Information))
            Log.Interaction(log, interaction.Code, Target(interaction, id), status, caller.ToString());
    }

    /// <summary><c>Patient/1</c>, <c>Patient</c> for a whole type, <c>-</c> for the system.</summary>
    private static string Target(FhirInteraction interaction, string? id) =>
        interaction.ResourceType is not { } type ? "-"
        : (interaction.Id ?? id) is { } known ? $"{type}/{known}"
        : type;
}
