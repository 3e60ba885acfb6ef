using System.Security.Cryptography;
using System.Text.Json;
using CareCoordination.Application.Requests;
using CareCoordination.Storage;

namespace CareCoordination.Application.Exports.Files;

/// <summary>
/// What a job that makes files keeps of who asked and how its addresses are signed: the property <see cref="Property"/> of its
/// arguments, whatever its kind. The secret is the job's own, and all nodes find it in the same row.
/// </summary>
public sealed record FileTicket(byte[] Secret, StoredCaller AskedBy)
{
    /// <summary>By which name the arguments of a job have it.</summary>
    public const string Property = "Ticket";

    private const int SecretBytes = 32;

    public static FileTicket For(Caller caller) =>
        new(RandomNumberGenerator.GetBytes(SecretBytes), StoredCaller.Of(caller));

    /// <summary>Null: the job makes no files.</summary>
    public static FileTicket? Of(Job job)
    {
        if (job.Arguments.IsEmpty || job.Arguments.Span[0] != (byte)'{')
            return null;
        using var arguments = JsonDocument.Parse(job.Arguments);
        return arguments.RootElement.TryGetProperty(Property, out var ticket) ? ticket.Deserialize<FileTicket>() : null;
    }
}
