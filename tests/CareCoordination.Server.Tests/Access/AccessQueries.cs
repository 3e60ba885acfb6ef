using System.Collections.Immutable;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Server.Tests.Access;

/// <summary>Searches over the whole grammar: every parameter of a type, modifiers, chains, includes, orders, totals, pages.</summary>
internal sealed class AccessQueries(SearchParameterRegistry parameters, int seed)
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

    private static readonly string[] Names = ["Rivera", "Okafor", "Lind", "ana", "north", "A1"];
    private readonly Random _random = new(seed);

    public string Next()
    {
        // What is about patients is asked for more often than the rest.
        var type = Types[_random.Next(_random.Next(3) == 0 ? Types.Length : 10)];
        var query = new List<string>();
        for (var count = _random.Next(3); count > 0; count--)
            query.Add(Condition(type));
        if (_random.Next(3) == 0)
            query.Add(Included(type));
        if (_random.Next(3) == 0)
            query.Add(Order(type));
        if (_random.Next(2) == 0)
            query.Add("_total=accurate");
        query.Add($"_count={_random.Next(1, 8)}");
        return $"{type}?{string.Join('&', query.Where(part => part.Length > 0))}";
    }

    private string Condition(string type)
    {
        var all = parameters.Of(type).Where(p => p.Code is not ("_text" or "_content" or "_query" or "_lastUpdated"));
        var parameter = Pick([.. all]);
        if (_random.Next(6) == 0 && parameter.Code != "_id")
            return $"{parameter.Code}:missing={(_random.Next(2) == 0 ? "true" : "false")}";
        return parameter.Type switch
        {
            SearchParameterType.Reference => Referring(parameter),
            SearchParameterType.Token => Token(parameter),
            SearchParameterType.String => $"{parameter.Code}={Pick(Names)}",
            SearchParameterType.Date => $"{parameter.Code}={Pick(["ge2026-03", "lt2026-05", "2026-12-01", "ne1931"])}",
            SearchParameterType.Quantity => $"{parameter.Code}={Pick(["gt5", "lt12||kg", "7"])}",
            _ => "",
        };
    }

    private string Referring(SearchParameter parameter)
    {
        var target = Pick([.. parameter.Targets.Where(Types.Contains), "Patient"]);
        if (!parameter.Targets.Contains(target))
            return "";
        return _random.Next(4) switch
        {
            0 =>
                $"{parameter.Code}:{target}.{Pick(["_id", "name", "identifier", "family", "status", "patient", "subject"])}={Pick(["p1", "p2", "p12", "Rivera", "urn:mrn|1", "active", "ana", "Patient/p1"])}",
            1 => $"{parameter.Code}={target}/{Id()},{target}/{Id()}",
            _ => $"{parameter.Code}={target}/{Id()}",
        };
    }

    private string Token(SearchParameter parameter)
    {
        if (parameter.Code == "_id")
            return $"_id={Id()},{Id()},p1-a,p12-a,w8,moved,left";
        var value = Pick([
            "active",
            "final",
            "draft",
            "requested",
            "http://loinc.org|1",
            "http://loinc.org|",
            "2",
            "male",
            "urn:mrn|1",
            "R",
            "V",
            "ETH",
            "E11.9",
            "F10.20",
            "call",
        ]);
        return $"{parameter.Code}{(_random.Next(5) == 0 ? ":not" : "")}={value}";
    }

    private string Included(string type)
    {
        if (_random.Next(2) == 0)
            return Pick([
                "_revinclude=Observation:subject",
                "_revinclude=Task:patient",
                "_revinclude=CarePlan:patient",
                "_revinclude=Appointment:patient",
                "_revinclude=Group:member",
                "_revinclude=Consent:patient",
                "_revinclude=RelatedPerson:patient",
            ]);
        var references = parameters.Of(type).Where(p => p.Type == SearchParameterType.Reference).ToArray();
        return references.Length == 0 ? ""
            : _random.Next(4) == 0 ? $"_include={type}:*"
            : $"_include={type}:{Pick(references).Code}";
    }

    private string Order(string type)
    {
        var sortable = parameters
            .Of(type)
            .Where(p => p.Type is SearchParameterType.Token or SearchParameterType.Date or SearchParameterType.String)
            .Where(p => p.Code is not ("_text" or "_content" or "_query"))
            .ToArray();
        return $"_sort={(_random.Next(2) == 0 ? "-" : "")}{Pick(sortable).Code}";
    }

    private string Id() => $"p{_random.Next(1, AccessWorld.Patients + 1)}";

    private T Pick<T>(IReadOnlyList<T> among) => among[_random.Next(among.Count)];
}
