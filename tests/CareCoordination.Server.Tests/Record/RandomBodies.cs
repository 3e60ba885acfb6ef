namespace CareCoordination.Server.Tests.Record;

/// <summary>Resources as clients write them: whole ones and poor ones, told in time and late, about whoever comes.</summary>
internal sealed class RandomBodies(Dice dice)
{
    public const string Own = "https://carecoordination.example/fhir";
    private const string V2 = "http://terminology.hl7.org/CodeSystem/v2-0203";
    private const string Sdoh = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";

    public static readonly string[] People = ["p1", "p2", "p3", "p4", "p5"];

    public static readonly string[] Managers =
    [
        "Practitioner/ann",
        "PractitionerRole/ann",
        "Practitioner/bob",
        "PractitionerRole/bob",
        "PractitionerRole/bob-too",
        "PractitionerRole/nobody",
    ];

    /// <summary>A resource of some type, by its type and id.</summary>
    public (string Type, string Id, string Json) Any()
    {
        _patient = dice.Of(People);
        var type = dice.Of(
            "Task",
            "Task",
            "Task",
            "Task",
            "ServiceRequest",
            "ServiceRequest",
            "Goal",
            "Goal",
            "CarePlan",
            "CarePlan",
            "EpisodeOfCare",
            "EpisodeOfCare",
            "RiskAssessment",
            "Encounter",
            "Encounter",
            "Observation",
            "Condition",
            "MedicationDispense",
            "Patient",
            "CareTeam",
            "Communication",
            "Consent",
            "Coverage",
            "Appointment",
            "QuestionnaireResponse"
        );
        return Named(type);
    }

    /// <summary>Of whom the next resources are.</summary>
    private string _patient = People[0];

    /// <summary>One of the few ids that clients use for a type and a patient, so that they come upon what is there.</summary>
    private string Id(string type) =>
        type == "Patient" ? _patient : $"{type[..2].ToLowerInvariant()}-{_patient}-{dice.Next(Ids(type))}";

    private static int Ids(string type) =>
        type switch
        {
            "Task" => 4,
            "Condition" or "Observation" or "MedicationDispense" or "Encounter" => 6,
            _ => 2,
        };

    /// <summary>A fact that others tell: what is wrong, what was measured and given, where the patient was, what was asked for and done.</summary>
    public (string Type, string Id, string Json) Fact()
    {
        _patient = dice.Of(People);
        var type = dice.Of(
            "Condition",
            "Condition",
            "Observation",
            "Observation",
            "MedicationDispense",
            "MedicationDispense",
            "Encounter",
            "Encounter",
            "ServiceRequest",
            "Report"
        );
        if (type != "Report")
            return Named(type);
        var (id, request) = (Id("Task"), To("ServiceRequest"));
        string?[] report =
        [
            "\"status\":\"completed\",\"intent\":\"order\"",
            Who("for"),
            dice.OneIn(2) ? Reference("focus", request) : $"\"basedOn\":[{Reference(request)}]",
            $"\"executionPeriod\":{{\"end\":\"{dice.Time()}\"}}",
            dice.OneIn(2) ? $"\"restriction\":{{\"period\":{{\"end\":\"{dice.Time()}\"}}}}" : null,
            "\"output\":[{\"type\":{\"text\":\"report\"},\"valueString\":\"Seen\"}]",
        ];
        return ("Task", $"{id}-done", Whole("Task", $"{id}-done", report));
    }

    private (string Type, string Id, string Json) Named(string type)
    {
        var id = Id(type);
        return (type, id, Of(type, id));
    }

    /// <param name="id">Null: the server gives one.</param>
    public string Of(string type, string? id)
    {
        if (id is null)
            _patient = dice.Of(People);
        return Whole(
            type,
            id,
            type switch
            {
                "Patient" => Patient(),
                "Task" => Task(),
                "ServiceRequest" => Referral(),
                "Goal" => Goal(),
                "CarePlan" => Plan(),
                "EpisodeOfCare" => Episode(),
                "RiskAssessment" => Risk(),
                "Encounter" => Encounter(),
                "Observation" => Observation(),
                "Condition" => Condition(),
                "MedicationDispense" => Fill(),
                "CareTeam" => Team(),
                "Communication" => Told(),
                "Consent" => Consent(),
                "Coverage" => Coverage(),
                "Appointment" => Appointment(),
                _ => Answers(),
            }
        );
    }

    private static string Whole(string type, string? id, string?[] parts) =>
        $"{{\"resourceType\":\"{type}\"{(id is null ? "" : $",\"id\":\"{id}\"")}{string.Concat(parts.OfType<string>().Select(p => "," + p))}}}";

    private string Who(string name) => Reference(name, $"Patient/{(dice.OneIn(20) ? dice.Of(People) : _patient)}");

    private static string Reference(string name, string to) => $"\"{name}\":{Reference(to)}";

    private static string Reference(string to) => $$"""{"reference":"{{to}}"}""";

    private string To(string type) => $"{type}/{Id(type)}";

    private static string Coded(string system, string code) =>
        $$"""{"coding":[{"system":"{{system}}","code":"{{code}}"}]}""";

    /// <summary>With both ends, one of them, or nothing.</summary>
    private string? Period(string name = "period")
    {
        var (start, end) = (dice.PastDay(), dice.Day());
        if (string.CompareOrdinal(start, end) > 0)
            (start, end) = (end, start);
        return dice.Next(5) switch
        {
            0 => null,
            1 => $$"""{{Quoted(name)}}:{"start":"{{start}}"}""",
            2 => $$"""{{Quoted(name)}}:{"start":"{{start}}T23:30:00-05:00","end":"{{end}}T23:59:59-04:00"}""",
            3 => $$"""{{Quoted(name)}}:{"end":"{{end}}"}""",
            _ => $$"""{{Quoted(name)}}:{"start":"{{start}}","end":"{{end}}"}""",
        };
    }

    private static string Quoted(string text) => $"\"{text}\"";

    private string?[] Patient() =>
        [
            $"\"birthDate\":\"{dice.Next(1938, 2010)}-0{dice.Next(1, 10)}-1{dice.Next(10)}\"",
            dice.Maybe($"\"gender\":\"{dice.Of("female", "male", "other")}\""),
            dice.Maybe($"\"active\":{dice.Of("true", "false")}"),
            dice.Seldom(
                "\"address\":[{\"use\":\"work\",\"city\":\"Albany\"},{\"use\":\"home\",\"city\":\"Troy\",\"state\":\"NY\",\"postalCode\":\"12180\",\"country\":\"US\"}]"
            ),
            dice.Maybe(
                $$"""
                "communication":[{"language":{{Coded("urn:ietf:bcp:47", "en")}}},{"language":{{Coded(
                    "urn:ietf:bcp:47",
                    dice.Of("es", "en")
                )}},"preferred":{{dice.Of("true", "false")}}}]
                """
            ),
            dice.Maybe(
                $$$"""
                "extension":[{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"{{{dice.Of(
                    "2106-3",
                    "2054-5"
                )}}}"}},{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"1002-5"}},{"url":"text","valueString":"x"}]},{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity","extension":[{"url":"ombCategory","valueCoding":{"system":"urn:oid:2.16.840.1.113883.6.238","code":"{{{dice.Of("2135-2", "2186-5")}}}"}},{"url":"text","valueString":"x"}]},{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"}]
                """
            ),
            dice.Maybe(
                $$"""
                "identifier":[{"system":"urn:x","value":"1"},{"type":{{Coded(
                    V2,
                    "MR"
                )}},"system":"urn:mr","value":"{{dice.Next(1000)}}"}]
                """
            ),
            dice.Maybe($"\"generalPractitioner\":[{Reference(dice.Of(Managers))}]"),
            dice.Maybe(
                Reference(
                    "managingOrganization",
                    dice.Of("Organization/west", "Organization/clinic", "Organization/south")
                )
            ),
            dice.Seldom(
                dice.OneIn(3)
                    ? $"\"deceasedBoolean\":{dice.Of("true", "false")}"
                    : $"\"deceasedDateTime\":\"{dice.PastTime()}\""
            ),
            dice.Seldom(
                $$"""
                "link":[{"other":{{Reference($"Patient/{dice.Of(People)}")}},"type":"{{dice.Of(
                    "replaced-by",
                    "replaced-by",
                    "seealso"
                )}}"}]
                """
            ),
        ];

    private string?[] Task()
    {
        var code = dice.Next(6) switch
        {
            0 => Coded(
                $"{Own}/CodeSystem/transition-work",
                dice.Of("contact", "visit", "papers", "medications", "call", "close")
            ),
            1 => Coded($"{Own}/CodeSystem/referral-work", dice.Of("chase", "correct-data")),
            2 => Coded("http://hl7.org/fhir/CodeSystem/task-code", "fulfill"),
            _ => null,
        };
        return
        [
            $"\"status\":\"{(dice.OneIn(6) ? dice.Of("completed", "failed", "cancelled", "rejected", "entered-in-error") : dice.Of("draft", "requested", "requested", "received", "accepted", "ready", "in-progress", "on-hold"))}\"",
            $"\"intent\":\"{dice.Of("order", "plan")}\"",
            dice.OneIn(8) ? null : Who("for"),
            code is null ? null : $"\"code\":{code}",
            dice.Maybe($"\"businessStatus\":{Coded("urn:b", dice.Of("scheduled", "no-show", "booked", "waiting"))}"),
            dice.Seldom(
                $"\"statusReason\":{{\"coding\":[{{\"system\":\"urn:r\",\"code\":\"{dice.Of("full", "away")}\"}}],\"text\":\"So it is\"}}"
            ),
            dice.OneIn(4) ? null : Reference("owner", dice.OneIn(4) ? "Organization/south" : dice.Of(Managers)),
            dice.Maybe(
                $"\"basedOn\":[{Reference(dice.Of(To("ServiceRequest"), To("CarePlan")))}{dice.Seldom("," + Reference(To("CarePlan")))}]"
            ),
            dice.Maybe(Reference("focus", dice.Of(To("ServiceRequest"), To("ServiceRequest"), To("Observation")))),
            dice.Maybe($"\"lastModified\":\"{dice.PastTime()}\""),
            dice.Maybe($"\"priority\":\"{dice.Of("routine", "urgent", "stat")}\""),
            dice.Maybe($"\"executionPeriod\":{{\"start\":\"{dice.PastDay()[..4]}\",\"end\":\"{dice.Day()}\"}}"),
            dice.OneIn(3) ? null : $"\"restriction\":{{\"period\":{{\"end\":\"{dice.Time()}\"}}}}",
            dice.Seldom("\"output\":[{\"type\":{\"text\":\"report\"},\"valueString\":\"All is well\"}]"),
            Noted(),
        ];
    }

    /// <summary>Time, attempts and missed appointments, as others may tell them too.</summary>
    private string? Noted()
    {
        string?[] notes =
        [
            dice.OneIn(4) ? Spent() : null,
            dice.OneIn(4)
                ? $$$"""{"url":"{{{Own}}}/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"{{{dice.PastTime()}}}"},{"url":"medium","valueCodeableConcept":{"coding":[{"code":"PHONE"}]}},{"url":"outcome","valueCodeableConcept":{"text":"no answer"}},{"url":"performer","valueReference":{{{Reference(dice.Of(Managers))}}}}]}"""
                : null,
            dice.OneIn(6)
                ? $$"""{"url":"{{Own}}/StructureDefinition/no-shows","valuePositiveInt":{{dice.Next(1, 4)}}}"""
                : null,
        ];
        var said = notes.OfType<string>().ToList();
        return said.Count == 0 ? null : $"\"extension\":[{string.Join(',', said)}]";
    }

    private string Spent()
    {
        var start = dice.Lately();
        var end = start.AddMinutes(dice.Next(1, 40));
        var zone = TimeSpan.FromHours(dice.Of(0, -5, 9));
        return $$$"""{"url":"{{{Own}}}/StructureDefinition/time-spent","extension":[{"url":"performer","valueReference":{{{Reference(dice.Of(Managers))}}}},{"url":"minutes","valueDecimal":{{{dice.Of("12", "7.5", "0.25", "20")}}}},{"url":"period","valuePeriod":{"start":"{{{start.ToOffset(zone):yyyy-MM-ddTHH:mm:sszzz}}}","end":"{{{end.ToOffset(zone):yyyy-MM-ddTHH:mm:sszzz}}}"}}{{{dice.Maybe(",{\"url\":\"program\",\"valueCode\":\"ccm\"}")}}}]}""";
    }

    private string?[] Referral() =>
        [
            $"\"status\":\"{(dice.OneIn(8) ? dice.Of("completed", "revoked", "entered-in-error") : dice.Of("draft", "active", "active", "active", "active", "on-hold"))}\"",
            $"\"intent\":\"{dice.Of("order", "order", "order", "original-order", "plan", "proposal")}\"",
            Who("subject"),
            $"\"code\":{{\"coding\":[{{\"system\":\"http://snomed.info/sct\",\"code\":\"{dice.Of("710925007", "306206005")}\",\"display\":\"Food\"}}]{dice.Maybe(",\"text\":\"food\"")}}}",
            dice.OneIn(5) ? null : $"\"authoredOn\":\"{dice.PastTime()}\"",
            dice.Maybe($"\"category\":[{Coded(Sdoh, "food-insecurity")}]"),
            dice.Seldom($"\"doNotPerform\":{dice.Of("true", "false")}"),
            dice.Maybe(Reference("requester", dice.Of(Managers))),
            dice.Maybe($"\"performer\":[{Reference("Organization/south")}]"),
            dice.Maybe($"\"basedOn\":[{Reference(To("ServiceRequest"))},{Reference(To("CarePlan"))}]"),
            dice.Maybe(
                $"\"occurrencePeriod\":{{\"start\":\"{dice.PastDay()}\",\"end\":\"{dice.Of("2027-01-01", "2027-02")}\"}}"
            ),
            dice.Maybe(
                $$"""
                "identifier":[{"type":{{Coded(V2, "PLAC")}},"value":"pl{{dice.Next(9)}}"},{"type":{{Coded(
                    V2,
                    "FILL"
                )}},"value":"fi{{dice.Next(9)}}"}]
                """
            ),
            dice.Maybe(
                $$"""
                "extension":[{"url":"http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal","valueReference":{{Reference(
                    To("Goal")
                )}}}]
                """
            ),
            dice.Seldom($"\"reasonReference\":[{Reference(To("Observation"))},{Reference(To("Condition"))}]"),
            dice.Seldom($"\"supportingInfo\":[{Reference(To("Consent"))}]"),
        ];

    private string?[] Goal()
    {
        var target = dice.Next(4) switch
        {
            0 => "\"detailQuantity\":{\"value\":130,\"comparator\":\"<\",\"unit\":\"mmHg\"}",
            1 => "\"detailRange\":{\"low\":{\"value\":60.5,\"unit\":\"kg\"},\"high\":{\"value\":70,\"unit\":\"kg\"}}",
            2 => "\"detailCodeableConcept\":{\"text\":\"better\"}",
            _ => "\"detailBoolean\":true",
        };
        return
        [
            $"\"lifecycleStatus\":\"{(dice.OneIn(8) ? dice.Of("completed", "cancelled", "entered-in-error", "rejected") : dice.Of("proposed", "planned", "accepted", "active", "active", "on-hold"))}\"",
            $"\"description\":{{\"text\":\"Walk {dice.Next(9)}\"}}",
            Who("subject"),
            dice.Maybe(
                $"\"achievementStatus\":{Coded("http://terminology.hl7.org/CodeSystem/goal-achievement", dice.Of("in-progress", "improving", "achieved", "sustaining", "not-achieved"))}"
            ),
            dice.Maybe($"\"statusDate\":\"{dice.PastDay()}\""),
            dice.Maybe($"\"startDate\":\"{dice.PastDay()}\""),
            dice.Maybe(Reference("expressedBy", dice.Of("Patient/p1", "Practitioner/ann"))),
            dice.Maybe($"\"addresses\":[{Reference(To("Observation"))},{Reference(To("Condition"))}]"),
            dice.OneIn(3)
                ? null
                : $"\"target\":[{{\"measure\":{Coded("http://loinc.org", "8480-6")},{target},\"dueDate\":\"{dice.Of(dice.Day(), dice.Day()[..7])}\"}}{dice.Seldom($",{{\"dueDate\":\"{dice.Day()}\"}}")}]",
        ];
    }

    private string?[] Plan() =>
        [
            $"\"status\":\"{(dice.OneIn(8) ? dice.Of("completed", "revoked", "entered-in-error", "unknown") : dice.Of("draft", "draft", "active", "active", "on-hold"))}\"",
            "\"intent\":\"plan\"",
            Who("subject"),
            Period(),
            dice.Maybe($"\"created\":\"{dice.PastTime()}\""),
            dice.Maybe($"\"title\":\"Plan {dice.Next(9)}\""),
            dice.Maybe(
                $"\"category\":[{Coded($"{Own}/CodeSystem/transition-plan", dice.Of("transitional-care", "facility-follow"))}{dice.Seldom("," + Coded("http://snomed.info/sct", "736271009"))}]"
            ),
            dice.Seldom($"\"partOf\":[{Reference(To("CarePlan"))}]"),
            dice.Maybe(Reference("encounter", To("Encounter"))),
            dice.Maybe(
                Reference(
                    "author",
                    dice.Of(
                        "Organization/west",
                        "Organization/clinic",
                        "PractitionerRole/ann",
                        "PractitionerRole/bob",
                        "Patient/p1"
                    )
                )
            ),
            dice.Maybe(
                $"\"addresses\":[{Reference(To("Condition"))},{Reference("https://elsewhere.example/Condition/1")}]"
            ),
            dice.Maybe($"\"goal\":[{Reference(To("Goal"))}]"),
            dice.Maybe(
                $$$"""
                "activity":[{"reference":{{{Reference(To("Task"))}}}},{"reference":{{{Reference(
                    To("ServiceRequest")
                )}}}},{"detail":{"status":"scheduled","description":"Walk"}}]
                """
            ),
        ];

    private string?[] Episode() =>
        [
            $"\"status\":\"{(dice.OneIn(8) ? dice.Of("waitlist", "finished", "cancelled", "entered-in-error") : dice.Of("planned", "active", "active", "active", "active", "onhold"))}\"",
            Who("patient"),
            dice.OneIn(6) ? null : Reference("careManager", dice.Of(Managers)),
            dice.Maybe(
                Reference(
                    "managingOrganization",
                    dice.Of("Organization/west", "Organization/south", "Organization/clinic")
                )
            ),
            dice.Maybe($"\"type\":[{Coded($"{Own}/CodeSystem/care-program", dice.Of("ccm", "pcm"))}]"),
            Period(),
        ];

    private string?[] Risk()
    {
        var when = dice.Next(4) switch
        {
            0 => null,
            1 => Period("occurrencePeriod"),
            _ => $"\"occurrenceDateTime\":\"{dice.Time()}\"",
        };
        return
        [
            $"\"status\":\"{dice.Of("final", "final", "final", "amended", "preliminary", "cancelled", "entered-in-error")}\"",
            Who("subject"),
            when,
            dice.Maybe(Reference("encounter", To("Encounter"))),
            dice.OneIn(6)
                ? null
                : $"\"prediction\":[{{\"qualitativeRisk\":{Coded("http://terminology.hl7.org/CodeSystem/risk-probability", dice.Of("low", "moderate", "high", "certain"))},\"probabilityDecimal\":0.{dice.Next(1, 9)}}}]",
        ];
    }

    private string?[] Encounter() =>
        [
            $"\"status\":\"{dice.Of("planned", "in-progress", "finished", "finished", "finished", "cancelled", "entered-in-error")}\"",
            $$"""
                "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{{dice.Of(
                    "IMP",
                    "ACUTE",
                    "OBSENC",
                    "NONAC",
                    "EMER",
                    "AMB",
                    "VR",
                    "HH"
                )}}"}
                """,
            Who("subject"),
            Period(),
            dice.Maybe($"\"type\":[{Coded("http://snomed.info/sct", dice.Of("11429006", "183807002"))}]"),
            dice.Maybe($"\"diagnosis\":[{{\"condition\":{Reference(To("Condition"))},\"rank\":{dice.Next(1, 3)}}}]"),
            dice.Seldom(
                $"\"hospitalization\":{{\"dischargeDisposition\":{Coded("http://terminology.hl7.org/CodeSystem/discharge-disposition", dice.Of("home", "home", "snf", dice.OneIn(4) ? "hosp" : "exp"))}}}"
            ),
            dice.Maybe(
                $"\"participant\":[{{\"individual\":{Reference(dice.Of("Practitioner/ann", "PractitionerRole/bob"))}}}]"
            ),
            dice.OneIn(4) ? $"\"extension\":[{Spent()}{dice.Maybe("," + Spent())}]" : null,
        ];

    private string?[] Observation()
    {
        var status =
            $"\"status\":\"{dice.Of("final", "final", "amended", "corrected", "preliminary", "entered-in-error")}\"";
        var effective = dice.OneIn(4) ? Period("effectivePeriod") : $"\"effectiveDateTime\":\"{dice.PastTime()}\"";
        var encounter = dice.Seldom(Reference("encounter", To("Encounter")));
        if (dice.OneIn(2))
            return
            [
                status,
                $"\"code\":{Coded("http://loinc.org", "85354-9")}",
                Who("subject"),
                effective,
                encounter,
                $$$"""
                    "component":[{"code":{{{Coded(
                        "http://loinc.org",
                        "8480-6"
                    )}}},"valueQuantity":{"value":{{{dice.Next(120, 160)}}},"unit":"mmHg"}},{"code":{{{Coded(
                        "http://loinc.org",
                        "8462-4"
                    )}}},"valueQuantity":{"value":{{{dice.Next(70, 100)}}}.50,"unit":"mm[Hg]","code":"mm[Hg]"}}]
                    """,
            ];
        var value = dice.Next(6) switch
        {
            0 => null,
            1 => $"\"valueCodeableConcept\":{Coded("http://loinc.org", "LA33-6")}",
            2 => "\"valueString\":\"as ever\"",
            3 => $"\"valueDateTime\":\"{dice.PastTime()}\"",
            _ => $"\"valueQuantity\":{{\"value\":{dice.Next(1, 16)}.{dice.Next(1, 9)},\"unit\":\"%\"}}",
        };
        return
        [
            status,
            $"\"code\":{Coded("http://loinc.org", dice.Of("4548-4", "97506-0"))}",
            Who("subject"),
            effective,
            encounter,
            value,
        ];
    }

    private string?[] Condition() =>
        [
            $"\"code\":{Coded(Icd, dice.OneIn(12) ? dice.Of("N18.6", "Z51.5", "O80") : dice.Of("I10", "I10", "E11.9", "E11.9", "I50.9", "J44.9"))}",
            Who("subject"),
            $"\"clinicalStatus\":{Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")}",
            dice.Seldom(
                $"\"verificationStatus\":{Coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", "refuted")}"
            ),
            dice.Maybe($"\"onsetDateTime\":\"{dice.PastTime()}\""),
            dice.Seldom($"\"recordedDate\":\"{dice.PastTime()}\""),
            dice.Maybe($"\"category\":[{Coded(Sdoh, "food-insecurity")}]"),
        ];

    private string?[] Fill() =>
        [
            $"\"status\":\"{dice.Of("completed", "completed", "cancelled", "entered-in-error")}\"",
            $"\"medicationCodeableConcept\":{Coded("http://www.nlm.nih.gov/research/umls/rxnorm", dice.Of("29046", "52175", "83367", "6809"))}",
            Who("subject"),
            $"\"whenHandedOver\":\"{dice.PastTime()}\"",
            $"\"daysSupply\":{{\"value\":{dice.Next(10, 90)}}}",
            dice.Maybe("\"quantity\":{\"value\":30.0,\"unit\":\"tablet\"}"),
        ];

    private string?[] Team() =>
        [
            $"\"status\":\"{dice.Of("active", "inactive", "entered-in-error")}\"",
            Who("subject"),
            $$$"""
                "participant":[{"member":{{{Reference("Practitioner/ann")}}},"role":[{{{Coded(
                    "http://snomed.info/sct",
                    "768820003"
                )}}}]},{"member":{{{Reference(
                    dice.Of(People) is var p ? $"Patient/{p}" : ""
                )}}},"period":{"start":"{{{dice.PastDay()}}}"}}]
                """,
        ];

    private string?[] Told() =>
        [
            $"\"status\":\"{dice.Of("preparation", "in-progress", "completed", "not-done", "entered-in-error")}\"",
            Who("subject"),
            dice.Maybe($"\"sent\":\"{dice.PastTime()}\""),
            $"\"recipient\":[{Reference(dice.Of(Managers))},{Reference("Patient/p2")}]",
            dice.Maybe($"\"about\":[{Reference(To("Task"))}]"),
        ];

    private string?[] Consent() =>
        [
            $"\"status\":\"{dice.Of("active", "inactive", "rejected", "entered-in-error")}\"",
            $"\"scope\":{Coded("http://terminology.hl7.org/CodeSystem/consentscope", dice.Of("patient-privacy", "treatment"))}",
            $"\"category\":[{Coded($"{Own}/CodeSystem/care-program", "ccm")}]",
            Who("patient"),
            $"\"dateTime\":\"{dice.PastDay()}\"",
            $"\"policyRule\":{Coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "OPTIN")}",
            dice.Maybe(
                $"\"provision\":{{\"type\":\"{dice.Of("permit", "deny")}\",\"period\":{{\"end\":\"{dice.Day()}\"}}}}"
            ),
        ];

    private string?[] Coverage() =>
        [
            $"\"status\":\"{dice.Of("active", "cancelled", "entered-in-error")}\"",
            Who("beneficiary"),
            $"\"payor\":[{Reference("Organization/south")}]",
            Period(),
            dice.Maybe(
                $"\"type\":{Coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", dice.Of("HMO", "PPO", "PUBLICPOL"))}"
            ),
            "\"class\":[{\"type\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/coverage-class\",\"code\":\"plan\"}]},\"value\":\"gold\"}]",
        ];

    private string?[] Appointment()
    {
        var start = dice.Lately();
        return
        [
            $"\"status\":\"{dice.Of("proposed", "booked", "booked", "fulfilled", "noshow", "entered-in-error")}\"",
            $"\"start\":\"{start:yyyy-MM-ddTHH:mm:ss}Z\",\"end\":\"{start.AddMinutes(30):yyyy-MM-ddTHH:mm:ss}Z\"",
            $$"""
                "participant":[{"actor":{{Reference("Practitioner/ann")}},"status":"accepted"},{"actor":{{Reference(
                    $"Patient/{dice.Of(People)}"
                )}},"status":"{{dice.Of("accepted", "declined")}}"}]
                """,
            dice.Maybe($"\"basedOn\":[{Reference(To("ServiceRequest"))}]"),
        ];
    }

    private string?[] Answers() =>
        [
            $"\"status\":\"{dice.Of("completed", "in-progress", "entered-in-error")}\"",
            "\"questionnaire\":\"http://loinc.org/q/96777-8\"",
            Who("subject"),
            $"\"authored\":\"{dice.PastTime()}\"",
            $$$"""
                "item":[{"linkId":"a","item":[{"linkId":"a1","answer":[{"valueCoding":{"system":"http://loinc.org","code":"LA33-6"},"item":[{"linkId":"a1x","answer":[{"valueDecimal":1.50}]}]},{"valueString":"x"}]},{"linkId":"a2"}]},{"linkId":"b","text":"B","answer":[{"valueBoolean":{{{dice.Of(
                    "true",
                    "false"
                )}}}},{"valueInteger":7},{"valueQuantity":{"value":2.5,"unit":"kg"}}]}]
                """,
        ];
}
