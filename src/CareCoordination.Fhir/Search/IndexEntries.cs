using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Search;

/// <summary>
/// A token of a resource. <see cref="Code"/> hashes parameter and code, <see cref="System"/> the system alone:
/// 0 where a Coding or Identifier has none, <see cref="TokenEntry.ImplicitSystem"/> where the element is a plain code whose
/// system follows from its definition. A row with <see cref="SystemOnly"/> stands for "any code of this system"
/// (<c>system|</c>): its Code hashes parameter and system. https://hl7.org/fhir/R4/search.html#token
/// </summary>
public readonly record struct TokenEntry(HashKey Code, long System)
{
    public const long NoSystem = 0;
    public const long ImplicitSystem = 1;
    public const long SystemOnly = 2;
}

/// <summary>A string: <see cref="Value"/> folded to lower case without accents and cut to 128 characters, <see cref="Exact"/> the hash of the text as written.</summary>
public readonly record struct StringEntry(int Parameter, string Value, long Exact);

/// <summary>A date or period as the UTC ticks it covers, half-open.</summary>
public readonly record struct DateEntry(int Parameter, DateRange Range);

/// <summary>A number, or the interval it stands for. Low equals High for a plain number.</summary>
public readonly record struct NumberEntry(int Parameter, double Low, double High);

/// <summary>A quantity. <see cref="Unit"/> hashes the code (or unit text), <see cref="System"/> the system, 0 where absent.</summary>
public readonly record struct QuantityEntry(int Parameter, double Low, double High, long System, long Unit);

/// <summary>A reference to a resource on this server.</summary>
public readonly record struct ReferenceEntry(int Parameter, ResourceKey Target);

/// <summary>What an include brings: a resource as it is now, or the version of it that a reference names.</summary>
public readonly record struct IncludeTarget(ResourceKey Key, string? Version);

/// <summary>A URI, or a reference to what is not on this server, as written.</summary>
public readonly record struct UriEntry(int Parameter, string Value);

/// <summary>
/// One tuple of a composite parameter. The first part is always compared for equality: <see cref="First"/> hashes
/// parameter and code (or reference, or text), <see cref="FirstSystem"/> its system as in <see cref="TokenEntry"/>. The second is a
/// token (<see cref="SecondCode"/>, <see cref="SecondSystem"/>), or an interval (<see cref="Low"/>, <see cref="High"/>, a
/// quantity's unit in the second's code and system, a date's ticks as doubles), or a folded string (<see cref="Text"/>). Of two numbers
/// behind the first part one is the low end of the interval, the other the high one.
/// </summary>
public readonly record struct CompositeEntry(
    HashKey First,
    long FirstSystem,
    long SecondCode,
    long SecondSystem,
    double Low,
    double High,
    string Text
);

/// <summary>All index entries of one version of a resource, without repetition. <c>_id</c> and <c>_lastUpdated</c> are columns of the resource itself.</summary>
public sealed class IndexEntries
{
    /// <summary>Bit <see cref="SearchParameter.PresenceBit"/> is set where the resource has a value for the parameter.</summary>
    public ulong Presence { get; set; }

    /// <summary>
    /// The key of the status (<see cref="SearchParameter.IsStatus"/>); 0 where the type has no such parameter or the resource no value.
    /// </summary>
    public long Status { get; internal set; }

    /// <summary>How sensitive the resource is, as bits of which an access policy knows the meaning.</summary>
    public long Labels { get; internal set; }

    public List<TokenEntry> Tokens { get; } = [];

    public List<StringEntry> Strings { get; } = [];

    public List<DateEntry> Dates { get; } = [];

    public List<NumberEntry> Numbers { get; } = [];

    public List<QuantityEntry> Quantities { get; } = [];

    public List<ReferenceEntry> References { get; } = [];

    public List<UriEntry> Uris { get; } = [];

    public List<CompositeEntry> Composites { get; } = [];

    /// <summary>How many rows the entries are.</summary>
    public int Count =>
        Tokens.Count
        + Strings.Count
        + Dates.Count
        + Numbers.Count
        + Quantities.Count
        + References.Count
        + Uris.Count
        + Composites.Count
        + Patients.Count;

    internal void Clear()
    {
        Presence = 0;
        Status = 0;
        Labels = 0;
        Tokens.Clear();
        Strings.Clear();
        Dates.Clear();
        Numbers.Clear();
        Quantities.Clear();
        References.Clear();
        Uris.Clear();
        Composites.Clear();
        Patients.Clear();
    }

    /// <summary>
    /// The patients whose compartment holds the resource. https://hl7.org/fhir/R4/compartmentdefinition-patient.html
    /// </summary>
    public List<ResourceKey> Patients { get; } = [];

    /// <summary>Leaves each entry once, in the order of their first.</summary>
    internal void Deduplicate()
    {
        Deduplicate(Tokens);
        Deduplicate(Strings);
        Deduplicate(Dates);
        Deduplicate(Numbers);
        Deduplicate(Quantities);
        Deduplicate(References);
        Deduplicate(Uris);
        Deduplicate(Composites);
        Deduplicate(Patients);
    }

    /// <summary>Each once, in the order of their first.</summary>
    internal static void Deduplicate<T>(List<T> entries)
        where T : struct, IEquatable<T>
    {
        const int pairwise = 32;
        if (entries.Count > pairwise)
        {
            var seen = new HashSet<T>(entries.Count);
            entries.RemoveAll(entry => !seen.Add(entry));
            return;
        }

        for (var i = entries.Count - 1; i > 0; i--)
        {
            if (entries.IndexOf(entries[i], 0, i) >= 0)
                entries.RemoveAt(i);
        }
    }
}
