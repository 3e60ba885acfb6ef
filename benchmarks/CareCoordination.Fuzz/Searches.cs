using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Fuzz;

/// <summary>Searches and histories: every parameter of every type with modifiers, prefixes, chains and values that do not fit.</summary>
internal static class Searches
{
    private static readonly SearchParameterRegistry Registry = new(R4Definitions.Schema);

    private static readonly ImmutableArray<string> Modifiers =
    [
        "exact",
        "contains",
        "missing",
        "not",
        "text",
        "in",
        "not-in",
        "above",
        "below",
        "identifier",
        "of-type",
        "iterate",
        "Patient",
        "nothing",
    ];

    public static FuzzRequest Draw(Dice dice)
    {
        var type = Elements.Type(dice);
        var query = Criteria(type, dice);
        if (dice.Once(5))
            return History(type, dice);
        return dice.Once(4)
            ? new FuzzRequest(
                "POST",
                $"{type}/_search",
                [new("Content-Type", Headers.ContentType("application/x-www-form-urlencoded", dice))],
                query
            )
            : new FuzzRequest(
                dice.Pick("GET", "GET", "GET", "HEAD"),
                $"{type}?{Fitting(query)}",
                Headers.Draw(dice),
                null
            );
    }

    /// <summary>What a conditional interaction, or a search, asks for.</summary>
    public static string Criteria(string type, Dice dice)
    {
        var parts = new List<string>();
        var known = Registry.Of(type);
        for (var i = dice.Pick(1, 1, 2, 3, 6); i > 0 && known.Length > 0; i--)
            parts.Add(Criterion(dice.Pick(known), dice));
        while (dice.Once(3))
            parts.Add(Shape(type, dice));
        return string.Join('&', parts);
    }

    private static FuzzRequest History(string type, Dice dice)
    {
        var path = dice.Pick(
            $"{type}/_history",
            "_history",
            $"{type}/{dice.Known()}/_history",
            $"{type}/{dice.Known()}/_history/{Primitives.Text("integer", dice)}"
        );
        return new FuzzRequest(
            "GET",
            $"{path}?{dice.Pick("_since", "_at", "_count", "_sort", "_nothing")}={Escaped(dice.Once(3) ? Primitives.Text("integer", dice) : Primitives.Text("instant", dice))}",
            Headers.Draw(dice),
            null
        );
    }

    private static string Criterion(SearchParameter parameter, Dice dice)
    {
        var name = parameter.Code;
        if (dice.Once(6))
            name += ":" + dice.Pick(Modifiers);
        if (parameter.Type == SearchParameterType.Reference && dice.Once(6))
            name += dice.Pick(
                ".name",
                ".identifier",
                ".birthdate",
                ":Patient.name",
                ".organization.name",
                ".subject.organization.partof.name",
                ".subject.subject.subject.subject",
                "._has:Observation:subject:code",
                ".nothing",
                ":Nothing.x",
                "._id"
            );
        if (dice.Once(20))
            name =
                $"_has:{Elements.Type(dice)}:{dice.Pick("subject", "patient", "encounter", "nothing")}:{dice.Pick("code", "status", "_id", "date", "_has:Observation:subject:code", "subject.name:exact", "code:not", "_has:Task:focus:_has:Task:part-of:status", "")}";
        var count = dice.Once(15) ? dice.Pick(50, 400, 1200) : dice.Pick(1, 1, 1, 2, 4);
        var values = Enumerable.Range(0, count).Select(_ => Value(parameter.Type, dice)).Where(v => v.Length < 3000);
        return $"{Escaped(name)}={string.Join(',', values)}";
    }

    private static string Value(SearchParameterType type, Dice dice) =>
        type switch
        {
            SearchParameterType.Number => Prefix(dice) + Escaped(Primitives.Text("decimal", dice)),
            SearchParameterType.Date => Prefix(dice) + Escaped(Primitives.Text("dateTime", dice)),
            SearchParameterType.Quantity =>
                $"{Prefix(dice)}{Escaped(Primitives.Text("decimal", dice))}{dice.Pick("", "|http://unitsofmeasure.org|mg", "||mg", "|||", "|x")}",
            SearchParameterType.Reference => Escaped(Elements.Reference(dice)),
            SearchParameterType.Token => Escaped(
                dice.Pick("urn:x|", "|", "", "a|b|c|", "urn:x|f1|") + Primitives.Text("code", dice)
            ),
            SearchParameterType.Uri => Escaped(Primitives.Text("uri", dice)),
            SearchParameterType.Composite =>
                $"{Escaped(Primitives.Text("code", dice))}${Prefix(dice)}{Escaped(Primitives.Text("decimal", dice))}",
            _ => Escaped(Primitives.Text("string", dice)),
        };

    private static string Shape(string type, Dice dice) =>
        dice.Below(12) switch
        {
            0 => $"_count={Escaped(Primitives.Text("integer", dice))}",
            1 =>
                $"_sort={dice.Pick("-_lastUpdated", "_id", "name,-birthdate", "date", "nothing", "", "-", "_id,_id,_id")}",
            2 =>
                $"_include{dice.Pick("", ":iterate")}={dice.Pick($"{type}:*", "*", $"{type}:subject", $"{type}:patient:Patient", "Nothing:x", ":")}",
            3 =>
                $"_revinclude{dice.Pick("", ":iterate", ":recurse")}={dice.Pick("Observation:subject", "Provenance:target", "*", "Task:*", "x")}",
            4 => $"_summary={dice.Pick("true", "text", "data", "count", "false", "x")}",
            5 => $"_elements={dice.Pick("id", "status,subject", "nothing", ",,,", "meta.tag")}",
            6 => $"_total={dice.Pick("accurate", "none", "estimate", "x")}",
            7 => $"_lastUpdated={Prefix(dice)}{Escaped(Primitives.Text("dateTime", dice))}",
            8 => $"_id={Escaped(Primitives.Text("id", dice))}",
            9 => $"_cursor={dice.Pick("", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "....")}",
            10 => $"_format={dice.Pick("json", "xml", "application/fhir+json", "")}&_pretty={dice.Pick("true", "x")}",
            _ => dice.Pick(
                "_nothing=1",
                "=x",
                "&&&",
                "%=%",
                "name",
                "%00=%00",
                "_query=x",
                "_filter=name eq x",
                "_text=x",
                "_content=x",
                "_contained=true",
                "_list=f1"
            ),
        };

    private static string Prefix(Dice dice) =>
        dice.Pick("", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap", "xx");

    /// <summary>No longer than a first line may be.</summary>
    private static string Fitting(string query) => query.Length < 15_000 ? query : query[..15_000];

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
