using System.Collections.Frozen;
using System.Collections.Immutable;

namespace CareCoordination.Fhir.Schema;

/// <summary>One code of a code system.</summary>
public readonly record struct Code(string System, string Value, string Display);

/// <summary>An enumerable value set.</summary>
public sealed class CodeSet
{
    private FrozenSet<string>? _values;

    public CodeSet(string url, ImmutableArray<Code> codes)
    {
        Url = url;
        Codes = codes;
    }

    public string Url { get; }

    public ImmutableArray<Code> Codes { get; }

    /// <summary>True where the code is in the set, whatever its system.</summary>
    public bool Contains(string code) =>
        (_values ??= Codes.Select(c => c.Value).ToFrozenSet(StringComparer.Ordinal)).Contains(code);

    /// <summary>True where the code with this system is in the set.</summary>
    public bool Contains(string system, string code)
    {
        foreach (var candidate in Codes)
        {
            if (candidate.Value == code && candidate.System == system)
                return true;
        }

        return false;
    }
}
