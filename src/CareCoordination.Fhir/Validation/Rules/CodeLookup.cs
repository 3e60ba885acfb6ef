using System.Text;
using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Validation.Rules;

/// <summary>A value set ready to be asked with UTF-8, and the sentences that refuse what is not in it.</summary>
internal sealed class CodeLookup(CodeSet set)
{
    private const int MaxListed = 25;

    private readonly NameTable<string> _codes = new([
        .. set.Codes.Select(c => (Encoding.UTF8.GetBytes(c.Value), c.Value)),
    ]);

    public bool Contains(ReadOnlySpan<byte> code) => _codes.Find(code) is not null;

    /// <summary>True where the Coding's system and code are in the set.</summary>
    public bool ContainsCoding(JsonValue coding) =>
        coding.TryGetProperty("code"u8, out var code)
        && code.Kind == JsonValueKind.String
        && _codes.Find(code.StringUtf8) is { } known
        && coding.TryGetProperty("system"u8, out var system)
        && system.Kind == JsonValueKind.String
        && set.Contains(system.GetString(), known);

    /// <summary>Says that <paramref name="code"/> is none of the set. Long text is not repeated: it may be anything.</summary>
    public string Refuse(string code)
    {
        var name = code.Length <= 40 && !code.Contains(' ', StringComparison.Ordinal) ? $"'{code}'" : "This";
        var known = set.Codes.Select(c => c.Value).Distinct(StringComparer.Ordinal);
        if (_codes.Find(Encoding.UTF8.GetBytes(code)) is not null)
            return $"{name} is a code of {set.Url}, but not with this system; use {Systems()}.";
        return Suggestion.For(code, known) is { } near
            ? $"{name} is not a code of {set.Url}; did you mean '{near}'? Its codes are {List()}."
            : $"{name} is not a code of {set.Url}; use one of {List()}.";
    }

    /// <summary>Asks for a code of the set where there is none.</summary>
    public string Demand() => $"A code of {set.Url} is required here; use one of {List()}.";

    public override string ToString() => $"{set.Url}: {List()}";

    private string List()
    {
        var codes = set.Codes.Select(c => c.Value).Distinct(StringComparer.Ordinal).ToList();
        return codes.Count <= MaxListed
            ? string.Join(", ", codes)
            : $"{string.Join(", ", codes.Take(MaxListed))} and {codes.Count - MaxListed} more";
    }

    private string Systems() => string.Join(" or ", set.Codes.Select(c => c.System).Distinct(StringComparer.Ordinal));
}
