using System.Collections.Immutable;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Searches over the whole grammar: of a type, of several, of a compartment; conditions of every kind (<see cref="AccessConditions"/>), what
/// comes along and what comes along with that, orders, totals, parts of what is found, pages.
/// </summary>
internal sealed class AccessQueries
{
    public static readonly ImmutableArray<string> Types =
    [
        "Patient",
        "Observation",
        "Condition",
        "CarePlan",
        "Goal",
        "Task",
        "ServiceRequest",
        "EpisodeOfCare",
        "CareTeam",
        "Appointment",
        "Group",
        "Consent",
        "Communication",
        "DocumentReference",
        "RelatedPerson",
        "Person",
        "PractitionerRole",
        "Practitioner",
        "Organization",
        "Questionnaire",
        "RiskAssessment",
        "QuestionnaireResponse",
        "Basic",
        "Binary",
    ];

    private static readonly string[] Iterated = ["", ":iterate"];

    private readonly SearchParameterRegistry _parameters;
    private readonly AccessConditions _conditions;
    private readonly Random _random;

    public AccessQueries(SearchParameterRegistry parameters, int seed)
    {
        _parameters = parameters;
        _random = new Random(seed);
        _conditions = new AccessConditions(parameters, _random);
    }

    public string Next()
    {
        // What is about patients is asked for more often than the rest.
        var type = Types[_random.Next(_random.Next(3) == 0 ? Types.Length : 10)];
        var (path, conditions) = _random.Next(12) switch
        {
            0 => ($"Patient/p{_random.Next(1, AccessWorld.Patients + 1)}/{type}", Conditions(type)),
            1 => (
                $"{_conditions.Name("Practitioner")}/{Pick(["Task", "Observation", "EpisodeOfCare", "CareTeam"])}",
                []
            ),
            2 => ("", OfSeveralTypes(type)),
            _ => (type, Conditions(type)),
        };
        string[] query =
        [
            .. conditions,
            .. path.Length == 0 || _random.Next(3) > 0 ? [] : Along(type),
            .. _random.Next(3) == 0 ? [Order(path.Length == 0 ? "" : type)] : Array.Empty<string>(),
            Pick(["_total=accurate", "_total=accurate", "_total=none", "_total=estimate", "", ""]),
            _random.Next(8) == 0
                ? Pick([
                    "_summary=count",
                    "_summary=true",
                    "_summary=text",
                    "_summary=data",
                    "_elements=status,subject",
                ])
                : "",
            $"_count={_random.Next(1, 8)}",
        ];
        return $"{path}?{string.Join('&', query.Where(part => part.Length > 0))}";
    }

    private string[] Conditions(string type) =>
        [.. Enumerable.Range(0, _random.Next(3)).Select(_ => _conditions.Next(type, depth: 3))];

    /// <summary>By what all types have.</summary>
    private string[] OfSeveralTypes(string type) =>
        [
            $"_type={string.Join(',', new[] { type, Pick(Types), Pick(Types) }.Distinct())}",
            _conditions.OfEveryType(type),
        ];

    /// <summary>What comes along, and in some requests what comes along with that.</summary>
    private string[] Along(string type)
    {
        if (_random.Next(3) > 0)
            return [_random.Next(2) == 0 ? Included(type, "") : Including(type, "")];
        return
        [
            _random.Next(2) == 0 ? Included(type, Pick(Iterated)) : Including(type, Pick(Iterated)),
            .. Enumerable
                .Range(0, _random.Next(1, 3))
                .Select(_ => Pick(Types[..10]))
                .Select(further =>
                    _random.Next(2) == 0 ? Included(further, ":iterate") : Including(further, ":iterate")
                ),
        ];
    }

    private string Included(string type, string iterate)
    {
        var references = References(type);
        if (references.Count == 0)
            return "";
        if (_random.Next(4) == 0)
            return $"_include{iterate}={type}:*";
        var reference = Pick(references);
        return $"_include{iterate}={type}:{reference.Code}{(
            _random.Next(4) == 0 && reference.Targets.Length > 0 ? $":{Pick(reference.Targets)}" : ""
        )}";
    }

    private string Including(string type, string iterate)
    {
        var referring = Types.SelectMany(References).Where(p => p.Targets.Contains(type)).ToList();
        if (referring.Count == 0)
            return "";
        var reference = Pick(referring);
        return $"_revinclude{iterate}={reference.ResourceType}:{reference.Code}";
    }

    private string Order(string type)
    {
        string[] codes =
        [
            .. type.Length == 0 ? [] : _parameters.Of(type).Where(p => p.IsSortable).Select(p => p.Code),
            // When something was written is another time where it was brought in later.
            "_id",
        ];
        return $"_sort={string.Join(',', Enumerable.Range(0, _random.Next(1, 3)).Select(_ => $"{(_random.Next(2) == 0 ? "-" : "")}{Pick(codes)}"))}";
    }

    private List<SearchParameter> References(string type) =>
        [.. _parameters.Of(type).Where(p => p.Type == SearchParameterType.Reference)];

    private T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];
}
