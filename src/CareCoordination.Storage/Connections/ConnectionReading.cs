using System.Collections.Immutable;

namespace CareCoordination.Storage.Connections;

/// <summary>A connection string as the store uses it: what the operator gave, and what the store relies on.</summary>
/// <param name="Text">For the driver; empty where there is a problem.</param>
/// <param name="Place">Where the database is, as a sentence begins: the server and the database, or the file; never a secret.</param>
/// <param name="Problem">Why the given one cannot be used and what to do, as the rest of a sentence that names the setting.</param>
/// <param name="Notices">What of the given one has no effect, as sentences.</param>
public sealed record ConnectionReading(string Text, string Place, string? Problem, ImmutableArray<string> Notices)
{
    internal static ConnectionReading Refused(string problem) => new("", "", problem, []);
}
