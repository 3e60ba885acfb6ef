using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#string-manipulation</summary>
internal static class StringFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Scalar("indexOf", 1, 1, static (in FunctionCall call) => IndexOf(call, last: false));
        table.Scalar("lastIndexOf", 1, 1, static (in FunctionCall call) => IndexOf(call, last: true));
        table.Scalar("substring", 1, 2, Substring);
        table.Truth(
            "startsWith",
            1,
            1,
            static (in FunctionCall call) =>
                call.InputText is { } text && call.Text(0) is { } part
                    ? text.StartsWith(part, StringComparison.Ordinal)
                    : null
        );
        table.Truth(
            "endsWith",
            1,
            1,
            static (in FunctionCall call) =>
                call.InputText is { } text && call.Text(0) is { } part
                    ? text.EndsWith(part, StringComparison.Ordinal)
                    : null
        );
        table.Truth(
            "contains",
            1,
            1,
            static (in FunctionCall call) =>
                call.InputText is { } text && call.Text(0) is { } part
                    ? text.Contains(part, StringComparison.Ordinal)
                    : null
        );
        table.Scalar("upper", 0, 0, static (in FunctionCall call) => call.InputText?.ToUpperInvariant());
        table.Scalar("lower", 0, 0, static (in FunctionCall call) => call.InputText?.ToLowerInvariant());
        table.Scalar(
            "length",
            0,
            0,
            static (in FunctionCall call) => call.InputText is { } text ? text.Length : default(FhirPathValue)
        );
        table.Scalar("trim", 0, 0, static (in FunctionCall call) => call.InputText?.Trim());
        table.Collection("toChars", 0, 0, ToChars);
        table.Collection("split", 1, 1, Split);
        table.Scalar("join", 0, 1, Join);
        table.Scalar("replace", 2, 2, Replace);
        table.Add(
            "matches",
            1,
            2,
            ArgumentFocus.Outer,
            keepsType: false,
            static (source, arguments) => Matching("matches", source, arguments)
        );
        table.Add(
            "matchesFull",
            1,
            2,
            ArgumentFocus.Outer,
            keepsType: false,
            static (source, arguments) => Matching("matchesFull", source, arguments)
        );
        table.Scalar("replaceMatches", 2, 3, ReplaceMatches);
    }

    private static FhirPathValue IndexOf(in FunctionCall call, bool last)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } part)
            return default;
        return last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
    }

    private static FhirPathValue Substring(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Number(0) is not { } start || start < 0 || start >= text.Length)
            return default;
        var length = call.Number(1) ?? text.Length;
        return text.Substring(start, Math.Clamp(length, 0, text.Length - start));
    }

    private static void ToChars(in FunctionCall call, FhirPathCollection output)
    {
        foreach (var c in call.InputText ?? "")
            output.Add(c.ToString());
    }

    private static void Split(in FunctionCall call, FhirPathCollection output)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } separator)
            return;
        foreach (var part in text.Split(separator))
            output.Add(part);
    }

    private static FhirPathValue Join(in FunctionCall call)
    {
        if (call.Input.IsEmpty)
            return default;
        var parts = new string[call.Input.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = call.Items[i].ToSystem();
            parts[i] = part.Kind == FhirPathKind.String ? part.String : throw call.Fail("joins Strings");
        }

        return string.Join(call.Text(0) ?? "", parts);
    }

    private static FhirPathValue Replace(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
            return default;
        // An empty pattern is found around every character.
        return pattern.Length > 0
            ? text.Replace(pattern, substitution, StringComparison.Ordinal)
            : substitution + string.Concat(text.Select(c => c + substitution));
    }

    /// <summary>A pattern that is a literal, as nearly all are, is compiled once.</summary>
    private static TruthFunctionNode Matching(string name, Node source, ImmutableArray<Node> arguments)
    {
        var isFull = name == "matchesFull";
        var known = arguments is [LiteralNode { Value: { Kind: FhirPathKind.String } pattern }]
            ? new SafeRegex(pattern.String, "", isFull)
            : null;
        return new TruthFunctionNode(name, source, arguments, Match);

        bool? Match(in FunctionCall call) =>
            call.InputText is { } text && call.Text(0) is { } pattern
                ? (known ?? new SafeRegex(pattern, call.Text(1) ?? "", isFull)).IsMatch(text)
                : null;
    }

    private static FhirPathValue ReplaceMatches(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
            return default;
        return pattern.Length == 0
            ? text
            : new SafeRegex(pattern, call.Text(2) ?? "", isFull: false).Replace(text, substitution);
    }
}

/// <summary>
/// A regular expression in time linear in its input, so that a pattern from a client cannot stop the server; those that
/// need backtracking (look-around, back references) get a time limit instead.
/// </summary>
internal sealed class SafeRegex
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly Regex _regex;

    /// <param name="flags"><c>i</c>: upper and lower case are the same; <c>m</c>: ^ and $ match at lines.</param>
    public SafeRegex(string pattern, string flags, bool isFull)
    {
        // Single line mode: '.' matches line ends too. http://hl7.org/fhirpath/N1/#matchesregex--string--boolean
        var options = RegexOptions.Singleline | RegexOptions.CultureInvariant;
        if (flags.Contains('i', StringComparison.Ordinal))
            options |= RegexOptions.IgnoreCase;
        if (flags.Contains('m', StringComparison.Ordinal))
            options |= RegexOptions.Multiline;
        if (isFull)
            pattern = $@"\A(?:{pattern})\z";
        try
        {
            _regex = new Regex(pattern, options | RegexOptions.NonBacktracking, Limit);
        }
        catch (NotSupportedException)
        {
            _regex = new Regex(pattern, options, Limit);
        }
        catch (ArgumentException)
        {
            throw new FhirPathException("The pattern is no regular expression.");
        }
    }

    public bool IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooLong();
        }
    }

    public string Replace(string text, string substitution)
    {
        try
        {
            return _regex.Replace(text, substitution);
        }
        catch (RegexMatchTimeoutException)
        {
            throw TooLong();
        }
    }

    private static FhirPathException TooLong() => new("The regular expression takes too long on this text.");
}
