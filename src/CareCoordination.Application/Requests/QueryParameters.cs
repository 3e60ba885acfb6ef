using System.Collections;
using System.Collections.Immutable;

namespace CareCoordination.Application.Requests;

/// <summary>Decoded name and value pairs of a query or a posted form, in the order they were given.</summary>
public sealed class QueryParameters : IReadOnlyList<KeyValuePair<string, string>>
{
    public static readonly QueryParameters Empty = new([]);

    private readonly ImmutableArray<KeyValuePair<string, string>> _pairs;

    private QueryParameters(ImmutableArray<KeyValuePair<string, string>> pairs) => _pairs = pairs;

    public int Count => _pairs.Length;

    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>The first value of a parameter, or null.</summary>
    public string? First(string name)
    {
        foreach (var (key, value) in _pairs)
        {
            if (key == name)
                return value;
        }

        return null;
    }

    /// <summary>Every parameter but these.</summary>
    public QueryParameters Without(params ReadOnlySpan<string> names)
    {
        var kept = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(_pairs.Length);
        foreach (var pair in _pairs)
        {
            if (!names.Contains(pair.Key))
                kept.Add(pair);
        }

        return kept.Count == _pairs.Length ? this : new(kept.ToImmutable());
    }

    public QueryParameters Concat(QueryParameters others) =>
        others.Count == 0 ? this : new([.. _pairs, .. others._pairs]);

    /// <summary>
    /// Splits <c>a=1&amp;b=2</c>, with or without a leading question mark. Plus signs are spaces and percent escapes are decoded,
    /// as forms and queries have them; empty pieces are left out.
    /// </summary>
    public static QueryParameters Parse(ReadOnlySpan<char> text)
    {
        if (text.StartsWith('?'))
            text = text[1..];
        if (text.IsEmpty)
            return Empty;
        var pairs = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach (var range in text.Split('&'))
        {
            var piece = text[range];
            if (piece.IsEmpty)
                continue;
            var equals = piece.IndexOf('=');
            var name = equals < 0 ? piece : piece[..equals];
            var value = equals < 0 ? default : piece[(equals + 1)..];
            pairs.Add(new(Decode(name), Decode(value)));
        }

        return new(pairs.ToImmutable());
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0)
            return text.ToString();
        return Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
    }
}
