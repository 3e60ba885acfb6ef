using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Fhir.Schema;

/// <summary>One code of a code system.</summary>
public readonly record struct Code(string System, string Value, string Display);

/// <summary>An enumerable value set.</summary>
public sealed class CodeSet
{
    /// <summary>No code of R4 is longer; all are ASCII.</summary>
    private const int MaxCodeLength = 128;

    private FrozenSet<string>? _values;

    public CodeSet(string url, ImmutableArray<Code> codes)
    {
        Url = url;
        Codes = codes;
    }

    public string Url { get; }

    public ImmutableArray<Code> Codes { get; }

    /// <summary>True where the code is in the set, whatever its system.</summary>
    public bool Contains(string code) => Values.Contains(code);

    /// <summary>True where the code is in the set, whatever its system; asks without making a string.</summary>
    public bool Contains(ReadOnlySpan<byte> utf8Code)
    {
        var values = Values;
        Span<char> chars = stackalloc char[MaxCodeLength];
        return utf8Code.Length <= MaxCodeLength
            && Ascii.ToUtf16(utf8Code, chars, out var length) == OperationStatus.Done
            && values.GetAlternateLookup<ReadOnlySpan<char>>().Contains(chars[..length]);
    }

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

    // Most sets of a schema are never asked, so the index is made at the first question.
    private FrozenSet<string> Values => _values ??= Codes.Select(c => c.Value).ToFrozenSet(StringComparer.Ordinal);
}
