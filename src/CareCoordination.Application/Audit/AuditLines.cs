using System.Collections.Immutable;
using CareCoordination.Application.Requests;
using CareCoordination.Storage;

namespace CareCoordination.Application.Audit;

/// <summary>Makes lines of the audit trail: who, from where, on which node.</summary>
internal static class AuditLines
{
    /// <summary>More patients than this make several rows, so that no row is larger than a transaction may be.</summary>
    private const int MaxPatients = 400;

    public static AuditLine New(Caller caller, string interaction, DateTimeOffset now, string node) =>
        new(AgentOf(caller), interaction, now)
        {
            Request = caller.Origin?.Request,
            Entry = caller.Origin?.Entry ?? 0,
            Node = node,
        };

    /// <summary>The line, or several that tell of all patients together.</summary>
    public static IEnumerable<AuditLine> Split(AuditLine line) =>
        line.Patients.Length <= MaxPatients
            ? [line]
            : line.Patients.Chunk(MaxPatients).Select(part => line with { Patients = [.. part] });

    private static AuditAgent AgentOf(Caller caller) =>
        new(KindOf(caller.Kind), caller.Subject)
        {
            Person = caller.Person?.ToString(),
            Client = caller.Client,
            Roles = caller.Roles.IsEmpty ? [] : [.. caller.Roles.Select(r => r.Code)],
            Organization = caller.Organization,
            Purpose = caller.Purpose,
            Address = caller.Origin?.Address,
        };

    private static string KindOf(CallerKind kind) =>
        kind switch
        {
            CallerKind.Open => "open",
            CallerKind.Partner => "partner",
            CallerKind.Timer => "timer",
            CallerKind.Job => "job",
            CallerKind.Import => "import",
            CallerKind.Operator => "operator",
            CallerKind.User => "user",
            _ => "client",
        };
}
