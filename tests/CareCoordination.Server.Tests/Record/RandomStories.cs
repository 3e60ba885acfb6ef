using System.Globalization;

namespace CareCoordination.Server.Tests.Record;

/// <summary>
/// What belongs together, as other systems tell it late and at once: a stay and what came after it, an illness and how it was treated. Each
/// part of it may be missing, come a little too late, or be taken for somebody else's.
/// </summary>
internal sealed partial class RandomStories(Dice dice)
{
    private const string Own = RandomBodies.Own;
    private const string Icd = "http://hl7.org/fhir/sid/icd-10-cm";
    private const string Loinc = "http://loinc.org";
    private const string RxNorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
    private const string Sdoh = "http://hl7.org/fhir/us/sdoh-clinicalcare/CodeSystem/SDOHCC-CodeSystemTemporaryCodes";
    private const string Disposition = "http://terminology.hl7.org/CodeSystem/discharge-disposition";

    private readonly List<(string Type, string Id, string Json)> _told = [];
    private string _patient = "";

    /// <summary>One of few stories of a patient: they come upon each other.</summary>
    private string _story = "";

    public List<(string Type, string Id, string Json)> Any()
    {
        _told.Clear();
        _patient = dice.Of(RandomBodies.People);
        var kind = dice.Next(11);
        _story = $"{kind}-{dice.Next(3)}";
        switch (kind)
        {
            case 0 or 1:
                Discharge();
                break;
            case 2:
                Emergency();
                break;
            case 3:
                Depression();
                break;
            case 4:
                Need();
                break;
            case 5:
                Fills();
                break;
            case 6:
                Enrolment();
                break;
            case 7:
                Answers();
                break;
            case 8 or 9:
                Decline();
                break;
            default:
                Goals();
                break;
        }

        return [.. _told.DistinctBy(t => $"{t.Type}/{t.Id}")];
    }

    private string Id(string part) => $"{_patient}-{_story}-{part}";

    private static string Coded(string system, string code) =>
        $$"""{"coding":[{"system":"{{system}}","code":"{{code}}"}]}""";

    private static string To(string type, string id) => $$"""{"reference":"{{type}}/{{id}}"}""";

    /// <summary>Of the patient, or by mistake of somebody else.</summary>
    private string Who(string name) =>
        $"\"{name}\":{To("Patient", dice.OneIn(25) ? dice.Of(RandomBodies.People) : _patient)}";

    private void Tell(string type, string part, params string?[] elements) =>
        _told.Add(
            (
                type,
                Id(part),
                $"{{\"resourceType\":\"{type}\",\"id\":\"{Id(part)}\"{string.Concat(elements.OfType<string>().Select(e => "," + e))}}}"
            )
        );

    private string At(DateOnly day) => dice.At(day);

    private static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private void Stay(string part, string @class, DateOnly start, DateOnly? end, params string?[] more) =>
        Tell(
            "Encounter",
            part,
            $"\"status\":\"{(end is null ? "in-progress" : dice.OneIn(15) ? "entered-in-error" : "finished")}\"",
            $"\"class\":{{\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\",\"code\":\"{@class}\"}}",
            Who("subject"),
            $"\"period\":{{\"start\":\"{At(start)}\"{(end is { } last ? $",\"end\":\"{At(last)}\"" : "")}}}",
            dice.Maybe($"\"participant\":[{{\"individual\":{To("Practitioner", dice.Of("ann", "bob"))}}}]"),
            dice.Maybe($"\"serviceProvider\":{To("Organization", dice.Of("south", "clinic"))}"),
            string.Join(',', more.OfType<string>()) is { Length: > 0 } further ? further : null
        );

    private static string Ended(string disposition) =>
        $"\"hospitalization\":{{\"dischargeDisposition\":{Coded(Disposition, disposition)}}}";

    private void Ill(string part, string code, DateOnly? since, params string?[] more) =>
        Tell(
            "Condition",
            part,
            $"\"code\":{Coded(Icd, code)}",
            Who("subject"),
            $"\"clinicalStatus\":{Coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active")}",
            since is { } day ? $"\"onsetDateTime\":\"{At(day)}\"" : null,
            dice.OneIn(15)
                ? $"\"verificationStatus\":{Coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", dice.Of("refuted", "entered-in-error", "provisional", "confirmed"))}"
                : null,
            string.Join(',', more.OfType<string>()) is { Length: > 0 } further ? further : null
        );

    private void Work(string part, string code, string status, params string?[] more) =>
        Tell(
            "Task",
            part,
            $"\"status\":\"{status}\",\"intent\":\"order\"",
            Who("for"),
            $"\"code\":{Coded($"{Own}/CodeSystem/transition-work", code)}",
            $"\"owner\":{To(dice.Of("Practitioner", "PractitionerRole"), dice.Of("ann", "bob"))}",
            string.Join(',', more.OfType<string>()) is { Length: > 0 } further ? further : null
        );

    /// <summary>A stay, a transfer perhaps, the plan after it and what was done by it, and whether the patient came back.</summary>
    private void Discharge()
    {
        var left = dice.DaysAgo(2, 75);
        Stay(
            "stay",
            dice.Of("IMP", "IMP", "ACUTE", "OBSENC", "NONAC"),
            left.AddDays(-dice.Next(6)),
            left,
            dice.OneIn(6)
                ? null
                : Ended(dice.Of("home", "home", "home", "alt-home", "snf", "exp", dice.OneIn(4) ? "hosp" : "home")),
            dice.OneIn(8)
                ? $"\"priority\":{Coded("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "EL")}"
                : null,
            dice.Seldom($"\"diagnosis\":[{{\"condition\":{To("Condition", Id("why"))}}}]")
        );
        if (dice.OneIn(4))
            Ill("why", dice.Of("O80", "Z51.11", "I50.9"), left.AddDays(-dice.Next(40)));
        if (dice.OneIn(4))
            Stay("moved", dice.Of("IMP", "NONAC", "OBSENC"), left.AddDays(dice.Next(2)), left.AddDays(dice.Next(2, 9)));
        if (dice.OneIn(3))
        {
            var back = left.AddDays(dice.Of(0, 1, 2, 3, 10, 29, 30, 31, 32));
            Stay("back", dice.Of("IMP", "ACUTE", "OBSENC"), back, dice.OneIn(3) ? null : back.AddDays(dice.Next(5)));
        }

        Tell(
            "CarePlan",
            "plan",
            $"\"status\":\"{dice.Of("draft", "active", "active", "active", "on-hold")}\",\"intent\":\"plan\"",
            Who("subject"),
            $"\"category\":[{Coded($"{Own}/CodeSystem/transition-plan", "transitional-care")}]",
            dice.OneIn(8) ? null : $"\"encounter\":{To("Encounter", Id("stay"))}",
            dice.OneIn(8) ? null : $"\"period\":{{\"start\":\"{Day(left)}\"}}",
            dice.Maybe($"\"author\":{To(dice.Of("PractitionerRole", "Organization"), dice.Of("ann", "south"))}"),
            dice.Seldom(
                $"\"activity\":[{{\"reference\":{To("Task", Id("visit"))}}},{{\"reference\":{To("Task", Id("call"))}}}]"
            )
        );
        AfterDischarge(left);
    }

    private void AfterDischarge(DateOnly left)
    {
        if (dice.OneIn(2))
            Tell(
                "RiskAssessment",
                "risk",
                $"\"status\":\"{dice.Of("final", "amended", "preliminary")}\"",
                Who("subject"),
                $"\"occurrenceDateTime\":\"{At(left.AddDays(dice.Next(-9, 3)))}\"",
                dice.Maybe($"\"encounter\":{To("Encounter", Id("stay"))}"),
                $"\"prediction\":[{{\"qualitativeRisk\":{Coded("http://terminology.hl7.org/CodeSystem/risk-probability", dice.Of("low", "moderate", "high", "high"))}}}]"
            );
        var based = dice.OneIn(6) ? null : $"\"basedOn\":[{To("CarePlan", Id("plan"))}]";
        string[] attempts =
        [
            .. Enumerable
                .Range(0, dice.Next(4))
                .Select(i =>
                    $$$"""{"url":"{{{Own}}}/StructureDefinition/contact-attempt","extension":[{"url":"date","valueDateTime":"{{{At(left.AddDays(i + dice.Next(3)))}}}"},{"url":"outcome","valueCodeableConcept":{"text":"no answer"}}]}"""
                ),
        ];
        var due = $"\"restriction\":{{\"period\":{{\"end\":\"{At(left.AddDays(dice.Next(1, 5)))}\"}}}}";
        if (dice.OneIn(2))
            Work(
                "call",
                dice.Of("contact", "contact", "call"),
                dice.Of("completed", "completed", "failed", "requested", "cancelled"),
                based,
                due,
                $"\"lastModified\":\"{At(left.AddDays(dice.Next(5)))}\"",
                dice.Maybe($"\"executionPeriod\":{{\"end\":\"{At(left.AddDays(dice.Next(5)))}\"}}"),
                attempts.Length == 0 ? null : $"\"extension\":[{string.Join(',', attempts)}]"
            );
        if (dice.OneIn(2))
            Work(
                "medications",
                "medications",
                dice.Of("completed", "completed", "requested"),
                based,
                $"\"executionPeriod\":{{\"end\":\"{At(left.AddDays(dice.Of(-1, 0, 3, 30, 31)))}\"}}",
                dice.OneIn(3) ? null
                    : dice.OneIn(2) ? $"\"focus\":{To("List", "medicines")}"
                    : "\"output\":[{\"type\":{\"text\":\"list\"},\"valueString\":\"Seen\"}]"
            );
        if (dice.OneIn(3))
            Work(
                "visit",
                "visit",
                dice.Of("completed", "completed", "requested"),
                based,
                $"\"executionPeriod\":{{\"end\":\"{At(left.AddDays(dice.Of(0, 1, 7, 8, 14, 15)))}\"}}"
            );
        if (dice.OneIn(2))
        {
            var seen = left.AddDays(dice.Of(0, 1, 2, 4, 7, 8, 14, 15, 30, 31));
            Stay("seen", dice.Of("AMB", "AMB", "HH", "VR"), seen, seen);
        }
    }

    /// <summary>Chronic illness, and an emergency visit or two with what followed.</summary>
    private void Emergency()
    {
        var left = dice.DaysAgo(2, 75);
        foreach (var (part, code) in new[] { ("lung", "J44.9"), ("heart", "I50.9"), ("kidney", "N18.3") })
        {
            if (!dice.OneIn(4))
                Ill(part, code, dice.OneIn(5) ? null : left.AddDays(-dice.Of(0, 1, 100, 900)));
        }

        Stay("emergency", "EMER", left.AddDays(-dice.Next(2)), left);
        if (dice.OneIn(3))
            Stay("again", "EMER", left.AddDays(dice.Of(1, 7, 8)), left.AddDays(8));
        if (dice.OneIn(2))
        {
            var seen = left.AddDays(dice.Of(0, 3, 7, 8));
            Stay("seen", dice.Of("AMB", "VR"), seen, seen);
        }

        if (dice.OneIn(3))
            Stay("in", dice.Of("IMP", "OBSENC"), left.AddDays(dice.Of(-1, 0, 1, 7, 8)), left.AddDays(9));
    }

    /// <summary>Scores of a year ago, and of late.</summary>
    private void Depression()
    {
        Ill("depression", dice.Of("F32.1", "F33.0", "F34.1"), dice.OneIn(3) ? null : dice.DaysAgo(380, 700));
        if (dice.OneIn(8))
            Ill("other", dice.Of("F31.9", "F20.0"), dice.DaysAgo(10, 700));
        foreach (var part in (string[])["old", "old-too"])
            Score(part, dice.DaysAgo(330, 420), dice.Of(4, 9, 10, 20, 20));
        if (dice.OneIn(3))
        {
            var seen = dice.DaysAgo(325, 420);
            Stay("seen", dice.Of("AMB", "VR", "EMER"), seen, seen);
        }

        foreach (var part in (string[])["new", "new-too"])
            Score(part, dice.DaysAgo(1, 70), dice.Of(2, 4, 5, 12));
    }

    private void Score(string part, DateOnly day, int score) =>
        Tell(
            "Observation",
            part,
            $"\"status\":\"{dice.Of("final", "final", "amended", "preliminary")}\"",
            $"\"code\":{Coded(Loinc, dice.Of("44261-6", "44261-6", "89204-2"))}",
            Who("subject"),
            $"\"effectiveDateTime\":\"{At(day)}\"",
            dice.OneIn(12) ? null : $"\"valueQuantity\":{{\"value\":{score},\"unit\":\"{{score}}\"}}"
        );

    /// <summary>A need that was found, and what was ordered against it.</summary>
    private void Need()
    {
        var told = dice.DaysAgo(5, 70);
        var domains = dice.OneIn(3)
            ? $"{Coded(Sdoh, "food-insecurity")},{Coded(Sdoh, dice.Of("housing-instability", "food-insecurity"))}"
            : Coded(Sdoh, dice.Of("food-insecurity", "food-insecurity", "housing-instability"));
        Ill(
            "need",
            "Z59.41",
            dice.OneIn(2) ? null : told,
            $"\"category\":[{domains}]",
            $"\"recordedDate\":\"{At(told)}\"",
            dice.Seldom($"\"abatementDateTime\":\"{At(told.AddDays(20))}\"")
        );
        if (dice.OneIn(2))
            Screen("screen", told.AddDays(dice.Of(-8, -7, -3, 0, 1)), "96777-8", dice.Of("LA33-6", "LA30122-8"));
        if (!dice.OneIn(4))
            Tell(
                "ServiceRequest",
                "help",
                $"\"status\":\"{dice.Of("active", "active", "completed", "on-hold", "revoked")}\"",
                $"\"intent\":\"{dice.Of("order", "order", "order", "filler-order", "plan", "proposal")}\"",
                Who("subject"),
                "\"code\":{\"text\":\"food\"}",
                $"\"authoredOn\":\"{At(told.AddDays(dice.Of(-1, 0, 12, 30, 31)))}\"",
                $"\"category\":[{Coded(Sdoh, "food-insecurity")}{dice.Seldom("," + Coded(Sdoh, "housing-instability"))}]",
                dice.Maybe(
                    $"\"extension\":[{{\"url\":\"http://hl7.org/fhir/StructureDefinition/resource-pertainsToGoal\",\"valueReference\":{To("Goal", Id("goal"))}}}]"
                )
            );
        if (dice.OneIn(2))
            Tell(
                "Goal",
                "goal",
                $"\"lifecycleStatus\":\"{dice.Of("accepted", "active", "completed")}\"",
                "\"description\":{\"text\":\"Enough to eat\"}",
                Who("subject"),
                $"\"achievementStatus\":{Coded("http://terminology.hl7.org/CodeSystem/goal-achievement", dice.Of("achieved", "sustaining", "no-progress"))}"
            );
    }

    /// <summary>Answered, or declined throughout, or not at all.</summary>
    private void Screen(string part, DateOnly day, string questionnaire, string code)
    {
        var answer = $"\"answer\":[{{\"valueCoding\":{{\"system\":\"{Loinc}\",\"code\":\"{code}\"}}}}]";
        var other = dice.Next(4) switch
        {
            0 => "\"answer\":[{\"valueBoolean\":true}]",
            1 => answer,
            _ => "\"text\":\"Not asked\"",
        };
        Tell(
            "QuestionnaireResponse",
            part,
            $"\"status\":\"{dice.Of("completed", "completed", "amended", "in-progress")}\"",
            $"\"questionnaire\":\"http://loinc.org/q/{questionnaire}{(dice.OneIn(3) ? "|2.0" : "")}\"",
            Who("subject"),
            $"\"authored\":\"{At(day)}\"",
            dice.OneIn(3)
                ? $"\"item\":[{{\"linkId\":\"1\",{(dice.OneIn(8) ? "\"text\":\"x\"" : answer)}}}]"
                : $"\"item\":[{{\"linkId\":\"g\",\"item\":[{{\"linkId\":\"1\",{answer}}},{{\"linkId\":\"2\",{other}}}]}}]"
        );
    }

    /// <summary>Fills of a class, one after the other, early and late; now and then of what leaves the patient out.</summary>
    private void Fills()
    {
        var codes = dice.Of<string[]>(
            ["29046", "52175", "83515"],
            ["83367", "301542"],
            ["6809", "4821"],
            ["1656328", "29046"],
            ["5856", "6809"]
        );
        var day = dice.DaysAgo(60, 200);
        for (var i = 0; i < 4; i++)
        {
            var supply = dice.Of(30, 60, 90, 180);
            Tell(
                "MedicationDispense",
                $"fill{i}",
                $"\"status\":\"{(dice.OneIn(10) ? dice.Of("cancelled", "entered-in-error") : "completed")}\"",
                $"\"medicationCodeableConcept\":{Coded(RxNorm, dice.Of(codes))}",
                Who("subject"),
                $"\"{dice.Of("whenHandedOver", "whenHandedOver", "whenPrepared")}\":\"{At(day)}\"",
                Lasting("daysSupply", dice.Of<decimal>(supply, supply, supply + 0.5m, supply + 0.9m))
            );
            day = day.AddDays(Math.Min(supply + dice.Next(-10, 20), 60));
        }
    }

    /// <summary>An episode that began months ago, and another one after it, with some use of care.</summary>
    private void Enrolment()
    {
        var start = dice.DaysAgo(20, 170);
        var end = start.AddDays(dice.Of(15, 20, 29, 30, 100));
        Episode("first", start, dice.OneIn(2) ? end : null);
        if (dice.OneIn(3))
            Episode("second", end.AddDays(dice.Next(-5, 20)), dice.OneIn(2) ? end.AddDays(40) : null);
        foreach (var part in (string[])["one", "two"])
        {
            var day = start.AddDays(dice.Next(-60, 60));
            if (dice.OneIn(2))
                Stay(part, dice.Of("EMER", "IMP"), day, dice.OneIn(8) ? null : day.AddDays(dice.Of(0, 1, 4, 20)));
        }

        if (dice.OneIn(2))
            Screen("screen", start.AddDays(dice.Next(60)), "prapare", dice.Of("LA33-6", "LA30122-8"));
    }

    private void Episode(string part, DateOnly start, DateOnly? end) =>
        Tell(
            "EpisodeOfCare",
            part,
            $"\"status\":\"{dice.Of("active", "active", "onhold", "finished", "planned")}\"",
            Who("patient"),
            $"\"careManager\":{To(dice.Of("Practitioner", "PractitionerRole"), dice.Of("ann", "bob"))}",
            dice.Maybe($"\"managingOrganization\":{To("Organization", dice.Of("south", "clinic"))}"),
            $"\"type\":[{Coded($"{Own}/CodeSystem/care-program", dice.Of("ccm", "pcm"))}]",
            $"\"period\":{{\"start\":\"{At(start)}\"{(end is { } last ? $",\"end\":\"{At(last)}\"" : "")}}}"
        );

    private void Answers()
    {
        var answers = Enumerable
            .Range(0, dice.Next(1, 3))
            .Select(i =>
                dice.Next(6) switch
                {
                    0 => $"{{\"linkId\":\"{i}\",\"answer\":[{{\"valueCoding\":{{\"code\":\"LA9933-8\"}}}}]}}",
                    1 => $"{{\"linkId\":\"{i}\",\"answer\":[{{\"valueString\":\"Friendly\"}}]}}",
                    2 => $"{{\"linkId\":\"{i}\",\"text\":\"Anything else?\"}}",
                    _ => $"{{\"linkId\":\"{i}\",\"answer\":[{{\"valueInteger\":{dice.Of(3, 8, 9, 10, 11)}}}]}}",
                }
            );
        Tell(
            "QuestionnaireResponse",
            "rating",
            $"\"status\":\"{dice.Of("completed", "completed", "amended", "in-progress")}\"",
            $"\"questionnaire\":\"https://x.example/Questionnaire/{dice.Of("patient-experience", "cg-cahps|1")}\"",
            Who("subject"),
            $"\"authored\":\"{At(dice.DaysAgo(1, 70))}\"",
            $"\"item\":[{string.Join(',', answers)}]"
        );
    }

    /// <summary>A goal that is due, and how it turned out; contacts that were due.</summary>
    private void Goals()
    {
        var due = dice.DaysAgo(-5, 50);
        Tell(
            "Goal",
            "due",
            $"\"lifecycleStatus\":\"{dice.Of("active", "completed", "cancelled", "on-hold")}\"",
            "\"description\":{\"text\":\"Walk\"}",
            Who("subject"),
            $"\"achievementStatus\":{Coded("http://terminology.hl7.org/CodeSystem/goal-achievement", dice.Of("achieved", "not-attainable", "in-progress"))}",
            dice.Maybe($"\"statusDate\":\"{Day(due.AddDays(dice.Of(-3, 0, 1)))}\""),
            dice.Maybe(
                "\"extension\":[{\"url\":\"http://hl7.org/fhir/StructureDefinition/goal-acceptance\",\"extension\":[{\"url\":\"individual\",\"valueReference\":{\"reference\":\"Patient/p1\"}},{\"url\":\"status\",\"valueCode\":\"agree\"}]}]"
            ),
            $"\"target\":[{{\"dueDate\":\"{Day(due)}\"}}]"
        );
        foreach (var part in (string[])["call", "call-too"])
            Work(
                part,
                dice.Of("contact", "call"),
                dice.Of("completed", "failed", "failed", "requested"),
                $"\"restriction\":{{\"period\":{{\"end\":\"{At(due)}\"}}}}",
                dice.Maybe($"\"executionPeriod\":{{\"end\":\"{At(due.AddDays(dice.Of(-1, 0, 1)))}\"}}")
            );
    }
}
