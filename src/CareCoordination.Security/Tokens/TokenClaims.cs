using System.Collections.Immutable;
using System.Text.Json;

namespace CareCoordination.Security.Tokens;

/// <summary>The claims of a token that was validated, or the answer of an introspection: both are members of a JSON object.</summary>
internal readonly struct TokenClaims
{
    /// <summary>In the year 9987: clocks may differ from it.</summary>
    private const double LatestInstant = 253_000_000_000;

    private readonly JsonElement _json;

    private TokenClaims(JsonElement json) => _json = json;

    /// <exception cref="JsonException">It is no JSON object.</exception>
    public static TokenClaims Parse(ReadOnlyMemory<byte> utf8Json)
    {
        using var document = JsonDocument.Parse(utf8Json);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? new TokenClaims(document.RootElement.Clone())
            : throw new JsonException("no object");
    }

    public bool Has(string name) => _json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>Null where it is not there, or no text.</summary>
    public string? Text(string name) =>
        Find(name) is { ValueKind: JsonValueKind.String } value && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    /// <summary>The texts of a claim that is one or a list of them.</summary>
    public ImmutableArray<string> Texts(string name) =>
        Find(name) switch
        {
            { ValueKind: JsonValueKind.String } one => [one.GetString()!],
            { ValueKind: JsonValueKind.Array } list =>
            [
                .. list.EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!),
            ],
            _ => [],
        };

    /// <summary>An instant as a number of seconds since 1970, fractions left out; null where it is not there, or none.</summary>
    public DateTimeOffset? Instant(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value
        && value.TryGetDouble(out var seconds)
        && seconds is >= 0 and < LatestInstant
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    /// <summary>The text of a member of a claim that has no other; null where it is otherwise.</summary>
    public string? OnlyMember(string name, string member) =>
        Find(name) is { ValueKind: JsonValueKind.Object } claim
        && claim.EnumerateObject().Take(2).ToArray() is [{ Value.ValueKind: JsonValueKind.String } only]
        && only.NameEquals(member)
            ? only.Value.GetString()
            : null;

    /// <summary>By its whole name first: names that are addresses have dots of their own.</summary>
    private JsonElement? Find(string name)
    {
        if (_json.TryGetProperty(name, out var value))
            return value;
        var at = _json;
        foreach (var part in name.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at))
                return null;
        }

        return at;
    }
}
