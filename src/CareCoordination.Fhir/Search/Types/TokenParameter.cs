using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>Token search parameters. https://hl7.org/fhir/R4/search.html#token</summary>
public static partial class TokenParameter
{
    /// <summary>Codes are hashed with the parameter's number; "any code of this system" with its complement, so that they never meet.</summary>
    private static int SystemOnlySeed(int parameter) => ~parameter;

    /// <summary>The key of the rows that hold this code.</summary>
    public static HashKey CodeKey(SearchParameter parameter, string code) =>
        CodeKey(parameter.Id, parameter.FoldsCase, code);

    /// <summary>The number that stands for a system in token, quantity and composite rows.</summary>
    public static long SystemHash(string system) =>
        system.Length == 0 ? TokenEntry.NoSystem : StableHash.Of(system, 0).Key;

    /// <summary>Which rows a value of a query finds.</summary>
    public static TokenLookup Lookup(SearchParameter parameter, TokenValue value) =>
        value switch
        {
            { Code: null } => new TokenLookup(
                StableHash.Of(value.System ?? "", SystemOnlySeed(parameter.Id)),
                [TokenEntry.SystemOnly]
            ),
            { System: null } => new TokenLookup(CodeKey(parameter, value.Code), []),
            _ => new TokenLookup(CodeKey(parameter, value.Code), SystemsFor(value.System)),
        };

    /// <summary>
    /// A plain code whose system is not known from its definition is found under any system and under none; a Coding only
    /// under its own.
    /// </summary>
    internal static ImmutableArray<long> SystemsFor(string system) => [SystemHash(system), TokenEntry.ImplicitSystem];

    internal static HashKey CodeKey(int parameter, bool foldsCase, string code) =>
        StableHash.Of(foldsCase ? SmallLetters.Of(code) : code, parameter);

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text)
    {
        if (modifier is not (null or "not"))
            return Unsupported.Modifier(parameter, modifier, "missing", "not");
        return Values
            .Parse(parameter.Code, text, piece => ParseValue(parameter.Code, piece))
            .Then<Criterion>(values => new TokenCriterion(parameter, modifier == "not", values));
    }

    internal static Result<TokenValue> ParseValue(string name, string piece)
    {
        var bar = QueryText.IndexOf(piece, '|');
        if (bar < 0)
            return new TokenValue(null, QueryText.Unescape(piece));
        var system = QueryText.Unescape(piece[..bar]);
        var code = QueryText.Unescape(piece[(bar + 1)..]);
        if (system.Length == 0 && code.Length == 0)
            return Failure.Invalid(
                IssueCode.Value,
                $"'{name}' has neither system nor code; use {name}=code, {name}=system|code, {name}=system| or {name}=|code."
            );
        return new TokenValue(system, code.Length == 0 ? null : code);
    }
}

/// <summary>Rows with this <see cref="Code"/> and one of these systems; any system where <see cref="Systems"/> is empty.</summary>
public readonly record struct TokenLookup(HashKey Code, ImmutableArray<long> Systems);
