using System.Security.Cryptography;
using System.Text;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Application.Import;

/// <summary>
/// Which server a resource comes from, and the id it gets here: <c>Patient/1</c> of two servers is two patients. A resource whose server is
/// not known, or is this one, keeps its id.
/// </summary>
/// <param name="Source">The server that exported what does not say it by itself, as NDJSON; null: not known.</param>
/// <param name="Own">The address of this server; null: not known.</param>
/// <param name="IsResourceType">Tells names of types from other words.</param>
public sealed record ImportHomes(string? Source, string? Own, Func<string, bool> IsResourceType)
{
    /// <summary>The base of the server that an entry is of; null where it is this one, or not known.</summary>
    internal string? Of(ImportEntry entry)
    {
        // Who says where a resource is to be put has settled which one it is.
        if (entry.IsPlaced)
            return null;
        var home = entry.FullUrl is null ? Source : FullUrl.BaseOf(entry.FullUrl, IsResourceType);
        return home is null || home == Own || IsThisMachine(home) ? null : home;
    }

    /// <summary>The same at every import.</summary>
    internal static string IdOf(string? home, string type, string id) =>
        home is null && FhirId.IsValid(id)
            ? id
            : new Guid(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{home}/{type}/{id}")).AsSpan(0, 16),
                bigEndian: true
            ).ToString();

    private static bool IsThisMachine(string home) => new Uri(home).IsLoopback;
}
