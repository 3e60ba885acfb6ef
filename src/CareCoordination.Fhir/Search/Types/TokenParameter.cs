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

    /// <summary>Which rows a value of a query finds: one kind of them, but for a system alone.</summary>
    public static ImmutableArray<TokenLookup> Lookups(SearchParameter parameter, TokenValue value) =>
        value.Code is null ? AnyOfSystem(parameter, value.System ?? "") : [Lookup(parameter, value.System, value.Code)];

    /// <summary>The keys of the rows of all values there can be, in their order. https://hl7.org/fhir/R4/search.html#sort</summary>
    public static ImmutableArray<HashKey> Order(SearchParameter parameter) =>
        [.. parameter.Forms.Order.Select(code => CodeKey(parameter, code))];

    internal static TokenLookup Lookup(SearchParameter parameter, string? system, string code) =>
        new(CodeKey(parameter, code), system is null ? [] : SystemsFor(parameter.Forms, system, code));

    /// <summary>
    /// Elements with a system have a row for it. A plain code has none: of its system are the codes that its binding lists.
    /// </summary>
    private static ImmutableArray<TokenLookup> AnyOfSystem(SearchParameter parameter, string system)
    {
        var lookups = ImmutableArray.CreateBuilder<TokenLookup>();
        var forms = parameter.Forms;
        if (forms.IsOpen || forms.HasContactPoints)
            lookups.Add(new(StableHash.Of(system, SystemOnlySeed(parameter.Id)), [TokenEntry.SystemOnly]));
        foreach (var code in forms.Codes.SelectMany(set => set.Codes).Where(code => code.System == system).Distinct())
            lookups.Add(new(CodeKey(parameter, code.Value), [SystemHash(system)]));
        if (forms.HasBooleans && IsBooleanSystem(system))
            foreach (var value in (string[])["true", "false"])
                lookups.Add(new(CodeKey(parameter, value), [SystemHash(BooleanSystem)]));
        return lookups.ToImmutable();
    }

    /// <summary>
    /// A plain code whose system is not known from its definition is found under any system and under none; a Coding only
    /// under its own. No plain code has the property <c>system</c>, so that <c>|code</c> finds it too.
    /// </summary>
    private static ImmutableArray<long> SystemsFor(TokenForms forms, string system, string code)
    {
        if (forms.HasBooleans && system == OtherBooleanSystem)
            return [SystemHash(BooleanSystem), TokenEntry.ImplicitSystem];
        if (system.Length > 0 || forms.IsOpen)
            return [SystemHash(system), TokenEntry.ImplicitSystem];
        var implied = forms
            .Codes.SelectMany(set => set.Codes)
            .Where(known => IsSame(known.Value, code))
            .Select(known => known.System);
        return
        [
            TokenEntry.NoSystem,
            TokenEntry.ImplicitSystem,
            .. (forms.HasBooleans ? implied.Append(BooleanSystem) : implied)
                .Distinct(StringComparer.Ordinal)
                .Select(SystemHash),
        ];
    }

    /// <summary>The key of the rows that say that there is a contained resource of a type.</summary>
    public static HashKey PartKey(SearchParameter reference, string type) =>
        StableHash.Of(type, DerivedNumber.OfContained(reference.Id));

    internal static HashKey CodeKey(int parameter, bool foldsCase, string code) =>
        StableHash.Of(foldsCase ? SmallLetters.Of(code) : code, parameter);

    internal static Result<Criterion> Parse(SearchParameter parameter, string? modifier, string text)
    {
        if (modifier is not (null or "not"))
            return Unsupported.Modifier(parameter, modifier, "missing", "not");
        return Values
            .Parse(parameter.Code, text, piece => ParseValue(parameter, piece))
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
