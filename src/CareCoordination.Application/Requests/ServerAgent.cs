using System.Collections.Immutable;
using System.Text;
using CareCoordination.Application.Requests;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Requests;

/// <summary>This server as an actor: the observer of every AuditEvent, and the performer of what nobody says they did.</summary>
public static class ServerAgent
{
    public const string Id = "carecoordination";

    private const string Name = "CareCoordination server";

    public static readonly Agent Unknown = new($"Device/{Id}")
    {
        IsUnchecked = true,
        IsUnknown = true,
        Names = ImmutableDictionary<string, string>.Empty.Add($"Device/{Id}", Name),
    };

    /// <summary>What a read of the Device is answered with, so that references to it lead somewhere.</summary>
    public static readonly byte[] Device = Encoding.UTF8.GetBytes(
        $$"""{"resourceType":"Device","id":"{{Id}}","status":"active","deviceName":[{"name":"{{Name}}","type":"user-friendly-name"}]}"""
    );
}
