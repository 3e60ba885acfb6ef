using CareCoordination.Fhir.Search;

namespace CareCoordination.Server.Tests.Access;

/// <summary>
/// Conditions of searches: every parameter, each with the modifiers and prefixes that its type may have (and some that it may not, which
/// are refused alike), alternatives, chains over several resources and in both directions.
/// </summary>
internal sealed class AccessConditions(SearchParameterRegistry parameters, Random random)
{
    private static readonly string[] Words =
    [
        "Rivera",
        "Okafor",
        "Lind",
        "ana",
        "north",
        "A1",
        "iver",
        "call",
        "Diabetes",
    ];

    private static readonly string[] Codes =
    [
        "active",
        "final",
        "draft",
        "requested",
        "completed",
        "http://loinc.org|1",
        "http://loinc.org|",
        "|draft",
        "2",
        "male",
        "urn:mrn|1",
        "R",
        "V",
        "ETH",
        "E11.9",
        "F10.20",
        "call",
        "true",
    ];

    private static readonly string[] Prefixes = ["", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"];

    /// <param name="depth">How many resources further a chain may go.</param>
    public string Next(string type, int depth)
    {
        if (random.Next(2) == 0)
            return Likely(type, depth);
        if (depth > 0 && random.Next(5) == 0 && Has(type, depth) is { Length: > 0 } has)
            return has;
        if (random.Next(8) == 0)
            return OfEveryType(type);
        var parameter = Pick([.. parameters.Of(type)]);
        if (random.Next(7) == 0 && parameter.Code != "_id")
            return $"{parameter.Code}:missing={Pick(["true", "false"])}";
        return parameter.Type switch
        {
            SearchParameterType.Reference => Reference(parameter, depth),
            SearchParameterType.Token => Token(parameter),
            SearchParameterType.String =>
                $"{parameter.Code}{Modifier(["", ":exact", ":contains"], ":text")}={Values(Words)}",
            SearchParameterType.Date =>
                $"{parameter.Code}={Pick(Prefixes)}{Pick(["2026-03", "2026-05-01", "2026-12-01", "1931", "1931-03-02"])}",
            SearchParameterType.Number => $"{parameter.Code}={Pick(Prefixes)}{Pick(["1", "0.5", "7"])}",
            SearchParameterType.Quantity =>
                $"{parameter.Code}={Pick(Prefixes)}{Pick(["5", "12||kg", "7000|http://unitsofmeasure.org|g", "7"])}",
            SearchParameterType.Uri =>
                $"{parameter.Code}{Modifier([""], ":below", ":above")}={Pick(["http://example.org", "http://example.org/Questionnaire/q"])}",
            SearchParameterType.Composite => $"{parameter.Code}={string.Join('$', parameter.Components.Select(Part))}",
            _ => $"{parameter.Code}={Pick(Words)}",
        };
    }

    /// <summary>What many of the world's resources of the type meet.</summary>
    private string Likely(string type, int depth)
    {
        if (
            type
            is not ("Patient" or "Practitioner" or "Organization" or "Questionnaire" or "Basic" or "Binary" or "Person")
        )
        {
            var whose = type is "Appointment" or "Group" or "PractitionerRole" ? "" : "patient";
            if (whose.Length > 0 && random.Next(2) == 0)
                return depth > 0 && random.Next(2) == 0
                    ? $"{whose}:Patient.{Likely("Patient", depth - 1)}"
                    : $"{whose}={Name("Patient")},{Name("Patient")},{Name("Patient")}";
        }

        if (depth > 0 && random.Next(4) == 0 && LikelyLinked(type, depth) is { Length: > 0 } linked)
            return linked;
        return type switch
        {
            "Patient" => Pick([
                "gender=male",
                "gender=female",
                $"family={Pick(["Rivera", "Okafor", "Lindqvist", "Tanaka"])}",
                "birthdate=lt1938",
                "birthdate=ge1935-06",
                "organization=Organization/north",
                "organization:Organization.name=south",
                "identifier=urn:mrn|1,urn:mrn|2,urn:mrn|12",
            ]),
            "Observation" => Pick([
                "status=final",
                "code=1",
                "code=http://loinc.org|2",
                "value-quantity=gt7",
                "date=ge2026-04",
                "performer=Practitioner/ana",
            ]),
            "Condition" => Pick(["code=E11.9,F10.20", "clinical-status=active", "code=B20"]),
            "CarePlan" => Pick(["status=draft,active", "intent=plan", "part-of:missing=false"]),
            "Goal" => "lifecycle-status=proposed",
            "Task" => Pick([
                "status=requested",
                "intent=order",
                "owner=Organization/lab,Practitioner/ana",
                "code:not=x",
                "focus:missing=false",
            ]),
            "ServiceRequest" => Pick(["status=draft", "intent=order"]),
            "EpisodeOfCare" => Pick([
                "status=active",
                "care-manager=Practitioner/ana,PractitionerRole/role-ana",
                "organization=Organization/north",
            ]),
            "RiskAssessment" => Pick(["date=ge2026-03", "date=2026-05-01"]),
            "Communication" => "status=completed",
            "QuestionnaireResponse" => "status=completed",
            "PractitionerRole" => "practitioner=Practitioner/ana,Practitioner/sue",
            _ => OfEveryType(type),
        };
    }

    /// <summary>That something is about it, or names it, which may be unseen itself; and what it belongs to.</summary>
    private string LikelyLinked(string type, int depth) =>
        type switch
        {
            "Patient" => Pick([
                $"_has:Observation:{Pick(["subject", "patient"])}:{Likely("Observation", depth - 1)}",
                $"_has:Condition:patient:{Likely("Condition", depth - 1)}",
                $"_has:Task:patient:{Likely("Task", depth - 1)}",
                $"_has:EpisodeOfCare:patient:{Likely("EpisodeOfCare", depth - 1)}",
                $"_has:Group:member:_id={Id("Group")}",
                $"_has:Observation:subject:_security={Pick(["R", "V", "ETH"])}",
                $"_has:Observation:patient:code:not={Pick(["1", "2"])}",
                $"_has:RelatedPerson:patient:_id={Id("RelatedPerson")}",
                $"_has:Consent:patient:status=active",
                "general-practitioner:Practitioner._has:EpisodeOfCare:care-manager:status=active",
                "organization._has:PractitionerRole:organization:practitioner=Practitioner/ana",
            ]),
            "Observation" or "Condition" or "CarePlan" or "Goal" => Pick([
                $"subject:Patient._has:Task:patient:{Likely("Task", depth - 1)}",
                "subject:Patient.organization:Organization.name=north,south",
                $"patient._has:EpisodeOfCare:patient:{Likely("EpisodeOfCare", depth - 1)}",
                $"patient.{Likely("Patient", depth - 1)}",
                .. type == "Observation"
                    ? [$"encounter.subject:Patient.{Likely("Patient", depth - 2)}"]
                    : Array.Empty<string>(),
            ]),
            "Practitioner" => Pick([
                $"_has:EpisodeOfCare:care-manager:{Likely("EpisodeOfCare", depth - 1)}",
                $"_has:Task:owner:{Likely("Task", depth - 1)}",
                $"_has:Observation:performer:code=1",
                $"_has:PractitionerRole:practitioner:organization.name=north",
            ]),
            "Organization" => Pick([
                $"_has:Patient:organization:{Likely("Patient", depth - 1)}",
                $"_has:Task:owner:{Likely("Task", depth - 1)}",
                $"_has:EpisodeOfCare:organization:_has:Task:focus:status=requested",
            ]),
            "ServiceRequest" => $"_has:Task:{Pick(["focus", "based-on"])}:{Likely("Task", depth - 1)}",
            "Task" => Pick([
                $"focus:ServiceRequest.subject:Patient.{Likely("Patient", depth - 2)}",
                $"owner:Practitioner._has:EpisodeOfCare:care-manager:status=active",
                $"_has:Task:part-of:{Likely("Task", depth - 1)}",
            ]),
            "EpisodeOfCare" => Pick([
                "patient.organization.name=north",
                $"patient._has:Observation:subject:{Likely("Observation", depth - 1)}",
            ]),
            _ => "",
        };

    /// <summary>A condition on what resources of every type have.</summary>
    public string OfEveryType(string type)
    {
        var own = $"urn:mark|{AccessWorld.Mark(type, Id(type))}";
        return Pick([
            $"_id={Id(type)},{Id(type)},p1-a,p12-a,p12-risk,w8,moved,left",
            $"_tag={own}",
            $"_tag:not={own}",
            "_tag=urn:mark|",
            $"_security={Pick(["V", "R", "ETH", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality|V"])}",
            $"_security:not={Pick(["V", "R"])}",
            "_security:missing=false",
            "_profile:missing=true",
            "_lastUpdated=ge2020",
            "_lastUpdated=lt2020",
            $"_source:missing={Pick(["true", "false"])}",
        ]);
    }

    /// <summary>A resource of the type, which is there or not.</summary>
    public string Name(string type) => $"{type}/{Id(type)}";

    private string Reference(SearchParameter parameter, int depth)
    {
        if (parameter.Targets.IsEmpty)
            return $"{parameter.Code}={Pick(["http://example.org/Questionnaire/q", "Questionnaire/q"])}";
        string[] known = [.. parameter.Targets.Where(AccessQueries.Types.Contains)];
        var target = known.Length == 0 ? parameter.Targets[0] : Pick(known);
        // Many parameters are about patients.
        if (known.Contains("Patient") && random.Next(2) == 0)
            target = "Patient";
        return random.Next(9) switch
        {
            0 or 1 when depth > 0 => $"{parameter.Code}:{target}.{Next(target, depth - 1)}",
            2 when depth > 0 && parameter.Targets.Length == 1 => $"{parameter.Code}.{Next(target, depth - 1)}",
            3 => $"{parameter.Code}={Name(target)},{Name(target)}",
            4 => $"{parameter.Code}:{target}={Id(target)}",
            5 => $"{parameter.Code}:identifier={Pick(["urn:mrn|1", "urn:mrn|12", "urn:mrn|"])}",
            6 when random.Next(10) == 0 => $"{parameter.Code}:not={Name(target)}",
            7 => $"{parameter.Code}={Id(target)}",
            _ => $"{parameter.Code}={Name(target)}",
        };
    }

    /// <param name="refused">Those that are not offered, which is said to whoever asks.</param>
    private string Modifier(string[] offered, params string[] refused) =>
        random.Next(40) == 0 ? Pick(refused) : Pick(offered);

    /// <summary>That something refers to it that meets a condition.</summary>
    private string Has(string type, int depth)
    {
        var referring = AccessQueries
            .Types.SelectMany(of => parameters.Of(of))
            .Where(p => p.Type == SearchParameterType.Reference && p.Targets.Contains(type))
            .ToList();
        if (referring.Count == 0)
            return "";
        var by = Pick(referring);
        return $"_has:{by.ResourceType}:{by.Code}:{Next(by.ResourceType, depth - 1)}";
    }

    private string Token(SearchParameter parameter) =>
        parameter.Code == "_id"
            ? $"_id={Id(parameter.ResourceType)},{Id(parameter.ResourceType)},p1-a,p12-a,w8,moved,left"
            : $"{parameter.Code}{Modifier(["", "", "", ":not"], ":text", ":in", ":of-type")}={Values(Codes)}";

    private string Part(SearchComponent part) =>
        part.Type switch
        {
            SearchParameterType.Token => Pick(Codes),
            SearchParameterType.Quantity or SearchParameterType.Number => Pick(["gt5", "lt12", "7"]),
            SearchParameterType.Date => Pick(["ge2026-03", "2026-05-01"]),
            SearchParameterType.Reference => Name("Patient"),
            _ => Pick(Words),
        };

    private string Values(string[] among) => random.Next(4) == 0 ? $"{Pick(among)},{Pick(among)}" : Pick(among);

    private string Id(string type)
    {
        var patient = $"p{random.Next(1, AccessWorld.Patients + 1)}";
        return type switch
        {
            "Patient" => patient,
            "Practitioner" => Pick(["ana", "ben", "cara", "eve", "frank", "sue", "gp"]),
            "PractitionerRole" => Pick(["role-ana", "role-cara", "role-frank", "role-sue"]),
            "Organization" => Pick(["north", "south", "lab"]),
            "Task" => Pick([$"{patient}-call", "w8", "w9", "w10", "w11", "mine", "theirs", "referral12", "referral10"]),
            "EpisodeOfCare" => $"e{random.Next(1, 7)}",
            "CareTeam" => Pick(["team6", "team7"]),
            "RelatedPerson" => Pick(["rel1", "rel2"]),
            "Observation" => $"{patient}-{Pick(["a", "b", "r", "v", "s"])}",
            "Condition" => $"{patient}-{Pick(["e11", "f10", "b20"])}",
            "CarePlan" => $"{patient}-{Pick(["plan", "transition"])}",
            "Goal" => $"{patient}-goal",
            "ServiceRequest" => $"{patient}-request",
            "RiskAssessment" => $"{patient}-{Pick(["risk", "risk-v"])}",
            _ => patient,
        };
    }

    private T Pick<T>(IReadOnlyList<T> among) => among[random.Next(among.Count)];
}
