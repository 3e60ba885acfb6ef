using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CareCoordination.Fhir.Budgets;

namespace CareCoordination.Fhir.Patch;

/// <summary>The place of a value in a JSON document: <c>/contact/0/gender</c>. https://www.rfc-editor.org/rfc/rfc6901</summary>
internal sealed class JsonPointer
{
    private const int LongestShown = 100;

    /// <summary>Members of an object that are looked through in about the time of a step.</summary>
    private const int ComparedPerStep = 8;

    private const int MovedPerStep = 64;

    private readonly string _text;

    private JsonPointer(string text, ImmutableArray<string> tokens)
    {
        _text = text;
        Tokens = tokens;
    }

    public ImmutableArray<string> Tokens { get; }

    public bool IsRoot => Tokens.IsEmpty;

    /// <summary>Null where the text is no pointer.</summary>
    public static JsonPointer? Parse(string text)
    {
        if (text.Length == 0)
            return new JsonPointer(text, []);
        if (text[0] != '/')
            return null;
        var tokens = text[1..].Split('/');
        foreach (var token in tokens)
        {
            for (var i = token.IndexOf('~', StringComparison.Ordinal); i >= 0; i = token.IndexOf('~', i + 1))
            {
                if (i + 1 == token.Length || token[i + 1] is not ('0' or '1'))
                    return null;
            }
        }

        return new JsonPointer(
            text,
            [
                .. tokens.Select(t =>
                    t.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                ),
            ]
        );
    }

    /// <summary>True where the other place is within this one.</summary>
    public bool Holds(JsonPointer other) =>
        other.Tokens.Length > Tokens.Length && other.Tokens.AsSpan()[..Tokens.Length].SequenceEqual(Tokens.AsSpan());

    /// <summary>The value at this place; null where there is none.</summary>
    public PatchedValue? Find(PatchedValue root, WorkBudget budget) => Walk(root, Tokens.Length, budget);

    /// <summary>The object or array that the last token is of; null where there is none.</summary>
    public PatchedValue? FindParent(PatchedValue root, WorkBudget budget)
    {
        var parent = Walk(root, Tokens.Length - 1, budget);
        // Its items move when one is put between them.
        if (parent is not null)
            budget.Charge(Work.Steps, parent.Count / MovedPerStep);
        return parent;
    }

    /// <summary>The position in an array that has this many items: digits without a leading zero. Null for anything else.</summary>
    public static int? Index(string token, int count) =>
        int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index < count
        && (token.Length == 1 || token[0] != '0')
            ? index
            : null;

    public override string ToString() => _text.Length > LongestShown ? _text[..LongestShown] + "..." : _text;

    private PatchedValue? Walk(PatchedValue root, int length, WorkBudget budget)
    {
        var value = root;
        foreach (var token in Tokens.AsSpan()[..length])
        {
            budget.Charge(Work.Steps, 1 + (value.Count / ComparedPerStep));
            switch (value.Kind)
            {
                case JsonValueKind.Object when value.Member(token) is { } member:
                    value = member.Value;
                    break;
                case JsonValueKind.Array when Index(token, value.Items.Count) is { } index:
                    value = value.Items[index];
                    break;
                default:
                    return null;
            }
        }

        return value;
    }
}
