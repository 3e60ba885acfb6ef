using System.Collections.Immutable;
using CareCoordination.Application.Reads;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.CarePlans;

/// <summary>Reads what <c>$apply</c> takes from around the subject: resources for expressions, and who fills which role.</summary>
public sealed class ApplySurroundings(CareReads reads)
{
    /// <summary>The resources that were named, by the name of their parameter: those that are here.</summary>
    public async Task<ImmutableDictionary<string, ResourceDocument>> VariablesAsync(
        ApplyArguments arguments,
        CancellationToken cancellationToken
    )
    {
        var variables = ImmutableDictionary.CreateBuilder<string, ResourceDocument>(StringComparer.Ordinal);
        foreach (
            var (name, reference) in new[]
            {
                ("encounter", arguments.Encounter),
                ("practitioner", arguments.Practitioner),
                ("organization", arguments.Organization),
            }
        )
        {
            if (reference is not null && await reads.NamedAsync(reference, cancellationToken) is { } found)
                variables[name] = Parse(found);
        }

        return variables.ToImmutable();
    }

    /// <summary>
    /// Who fills a role, by the codes of the participants in the patient's active care teams; a care manager who is named stands above
    /// the one in the team.
    /// </summary>
    public async Task<ImmutableDictionary<string, string>> OwnersAsync(
        ApplyArguments arguments,
        DateTimeOffset now,
        TimeZoneInfo zone,
        CancellationToken cancellationToken
    )
    {
        var owners = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!arguments.Subject.StartsWith("Patient/", StringComparison.Ordinal))
            return owners.ToImmutable();
        var teams = await reads.SearchAsync(
            ResourceTypes.CareTeam,
            $"patient={Uri.EscapeDataString(arguments.Subject)}&status=active&_sort=_id",
            cancellationToken
        );
        foreach (var participant in teams.SelectMany(t => CareTeamView.From(Parse(t)).Participant.ToArray()))
        {
            if (
                participant.Member.Reference is not { } member
                || participant.Period.Exists && !participant.Period.IncludesInstant(now, zone)
            )
                continue;
            foreach (var code in participant.Role.SelectMany(r => r.Coding).Select(c => c.Code).OfType<string>())
            {
                if (arguments.CareManager is null || !CareManagerRoles.Codes.Contains(code))
                    owners.TryAdd(code, member);
            }
        }

        return owners.ToImmutable();
    }

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
