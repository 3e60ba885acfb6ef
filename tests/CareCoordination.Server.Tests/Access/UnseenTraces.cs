using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// The bytes by which it would show that an answer rests on what its caller does not see: the mark that is in the content of each
/// resource, its id, and its name as a reference. Wherever in an answer: bodies, headers, outcomes, links. What the caller has written in
/// the request, and what stands in resources that they see, they know already.
/// </summary>
internal sealed partial class UnseenTraces
{
    private readonly HashSet<string> _words = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public UnseenTraces(IEnumerable<JsonObject> seen, IEnumerable<JsonObject> unseen)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var resource in seen)
            known.UnionWith(Words(resource.ToJsonString()).Select(word => word.Text));
        foreach (var resource in unseen)
        {
            var (type, id) = (NaivePolicy.TypeOf(resource), (string)resource["id"]!);
            _words.Add(AccessWorld.Mark(type, id));
            if (known.Contains(id))
                continue;
            // An id that is a word of English is looked for where it is a reference.
            if (id.Any(char.IsAsciiDigit))
                _words.Add(id);
            _names.Add($"{type}/{id}");
        }
    }

    /// <summary>The caller has written this: that it names something is no news. What they name they may still not see.</summary>
    public void Tell(string written)
    {
        foreach (var (text, _, _) in Words(written))
        {
            if (text.StartsWith("mark-", StringComparison.Ordinal))
                continue;
            _words.Remove(text);
            _names.RemoveWhere(name => name.EndsWith($"/{text}", StringComparison.Ordinal));
        }
    }

    /// <summary>All that the answer should not say.</summary>
    /// <param name="asked">The address and the body of the request, with its headers.</param>
    public IReadOnlyList<string> In(string asked, Answer answer)
    {
        // Where a page begins is said in letters that may be any.
        var told = Cursor().Replace($"{string.Join('\n', answer.HeaderLines)}\n{answer.Body}", "_cursor");
        var found = new List<string>();
        var before = default(Word);
        HashSet<string>? own = null;
        foreach (var word in Words(told))
        {
            var name =
                before.Text is { } type && word.Start == before.End + 1 && told[before.End] == '/'
                    ? $"{type}/{word.Text}"
                    : "";
            if (
                (_words.Contains(word.Text) || _names.Contains(name))
                && !(own ??= [.. Words(Uri.UnescapeDataString(asked)).Select(w => w.Text)]).Contains(word.Text)
            )
                found.Add(name.Length > 0 ? name : word.Text);
            before = word;
        }

        return found;
    }

    [GeneratedRegex("_cursor=[^\"&]+")]
    private static partial Regex Cursor();

    private readonly record struct Word(string Text, int Start, int End);

    private static IEnumerable<Word> Words(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var start = i;
            while (i < text.Length && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '-' or '.'))
                i++;
            if (i > start)
                yield return new Word(text[start..i].TrimEnd('.'), start, i);
        }
    }
}
