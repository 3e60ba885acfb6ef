using System.Collections.Immutable;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#string-manipulation</summary>
internal static class StringFunctions
{
    public static void AddTo(FunctionTable table)
    {
        table.Scalar("indexOf", 1, 1, static (in FunctionCall call) => IndexOf(call, last: false));
        table.Scalar("lastIndexOf", 1, 1, static (in FunctionCall call) => IndexOf(call, last: true));
        table.Scalar("substring", 1, 2, Substring);
        Comparison(table, "startsWith", static (text, part) => text.StartsWith(part, StringComparison.Ordinal));
        Comparison(table, "endsWith", static (text, part) => text.EndsWith(part, StringComparison.Ordinal));
        Comparison(table, "contains", static (text, part) => text.Contains(part, StringComparison.Ordinal));
        Mapping(table, "upper", static text => text.ToUpperInvariant());
        Mapping(table, "lower", static text => text.ToLowerInvariant());
        Mapping(table, "trim", static text => text.Trim());
        table.Scalar(
            "length",
            0,
            0,
            static (in FunctionCall call) => call.InputText is { } text ? text.Length : default(FhirPathValue)
        );
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

    private static void Comparison(FunctionTable table, string name, Func<string, string, bool> holds) =>
        table.Truth(name, 1, 1, (in FunctionCall call) => Compare(call, holds));

    private static void Mapping(FunctionTable table, string name, Func<string, string> change) =>
        table.Scalar(name, 0, 0, (in FunctionCall call) => Change(call, change));

    private static FhirPathValue IndexOf(in FunctionCall call, bool last)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } part)
            return default;
        call.Context.Search(text, part);
        return last ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
    }

    private static bool? Compare(in FunctionCall call, Func<string, string, bool> holds)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } part)
            return null;
        call.Context.Search(text, part);
        return holds(text, part);
    }

    private static FhirPathValue Change(in FunctionCall call, Func<string, string> change)
    {
        if (call.InputText is not { } text)
            return default;
        call.Context.Make(text.Length);
        return change(text);
    }

    private static FhirPathValue Substring(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Number(0) is not { } start || start < 0 || start >= text.Length)
            return default;
        var length = Math.Clamp(call.Number(1) ?? text.Length, 0, text.Length - start);
        call.Context.Make(length);
        return text.Substring(start, length);
    }

    private static void ToChars(in FunctionCall call, FhirPathCollection output)
    {
        var text = call.InputText ?? "";
        call.Context.Make(text.Length);
        foreach (var c in text)
            output.Add(c.ToString());
    }

    private static void Split(in FunctionCall call, FhirPathCollection output)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } separator)
            return;
        call.Context.Search(text, separator);
        call.Context.Make(text.Length);
        var start = 0;
        // One after the other: a collection has a limit, which an array of all parts would not know.
        while (separator.Length > 0 && text.IndexOf(separator, start, StringComparison.Ordinal) is var end and >= 0)
        {
            output.Add(text[start..end]);
            start = end + separator.Length;
        }

        output.Add(text[start..]);
    }

    /// <summary><see cref="FhirPathEnvironment.JoinsNothingToText"/></summary>
    public static FunctionDefinition JoinToText { get; } =
        new(
            "join",
            0,
            1,
            ArgumentFocus.Outer,
            KeepsType: false,
            static (source, arguments) =>
                new ScalarFunctionNode(
                    "join",
                    source,
                    arguments,
                    static (in FunctionCall call) => call.Input.IsEmpty ? "" : Join(call)
                )
        );

    private static FhirPathValue Join(in FunctionCall call)
    {
        if (call.Input.IsEmpty)
            return default;
        var separator = call.Text(0) ?? "";
        var parts = new List<string>(call.Input.Count);
        foreach (ref readonly var item in call.Items)
        {
            var part = call.Context.ToSystem(item);
            // A primitive may have extensions and no value.
            if (part.IsNone)
                continue;
            if (part.Kind != FhirPathKind.String)
                throw call.Fail("joins Strings");
            call.Context.Make((long)part.String.Length + separator.Length);
            parts.Add(part.String);
        }

        return string.Join(separator, parts);
    }

    private static FhirPathValue Replace(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
            return default;
        call.Context.Search(text, pattern);
        // An empty pattern is found around every character.
        var found = pattern.Length > 0 ? text.AsSpan().Count(pattern) : text.Length + 1L;
        call.Context.Make(text.Length + (found * Math.Max(0, substitution.Length - pattern.Length)));
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
                ? (known ?? new SafeRegex(pattern, call.Text(1) ?? "", isFull)).IsMatch(text, call.Context)
                : null;
    }

    private static FhirPathValue ReplaceMatches(in FunctionCall call)
    {
        if (call.InputText is not { } text || call.Text(0) is not { } pattern || call.Text(1) is not { } substitution)
            return default;
        if (pattern.Length == 0)
            return text;
        call.Context.Make(text.Length);
        return new SafeRegex(pattern, call.Text(2) ?? "", isFull: false).Replace(text, substitution, call.Context);
    }
}
