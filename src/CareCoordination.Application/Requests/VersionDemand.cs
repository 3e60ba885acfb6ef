using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Requests;

/// <summary>
/// If-Match: the current version is one of these; with none, which is <c>*</c>, there is one that is not deleted.
/// https://www.rfc-editor.org/rfc/rfc9110#name-if-match
/// </summary>
public sealed record VersionDemand(ImmutableArray<int> Versions)
{
    public static bool TryParse(string text, out VersionDemand demand)
    {
        demand = new VersionDemand([]);
        if (text.Trim() == "*")
            return true;
        var versions = ImmutableArray.CreateBuilder<int>();
        foreach (var range in text.AsSpan().Split(','))
        {
            if (!ETag.TryParse(text.AsSpan()[range], out var version) || version < 1)
                return false;
            versions.Add(version);
        }

        demand = new VersionDemand(versions.ToImmutable());
        return true;
    }

    public bool Holds(StoredResource? current) =>
        current is { } known && (Versions.IsEmpty ? !known.IsDeleted : Versions.Contains(known.Version));

    /// <summary>The demand as a condition of a commit.</summary>
    public Precondition Of(ResourceKey key) =>
        Versions is [var only] ? new VersionIs(key, only) : new VersionIsAny(key, Versions);

    /// <summary>For sentences: <c>3</c>, <c>3 or 4</c>, <c>*</c>.</summary>
    public override string ToString() => Versions.IsEmpty ? "*" : string.Join(" or ", Versions);
}
