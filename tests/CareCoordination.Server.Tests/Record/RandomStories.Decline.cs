using System.Globalization;

namespace CareCoordination.Server.Tests.Record;

/// <summary>How somebody declines, and who cares for them then: what hospice, palliative care, frailty and kidney failure are told by.</summary>
internal sealed partial class RandomStories
{
    private const string Snomed = "http://snomed.info/sct";
    private const string Cpt = "http://www.ama-assn.org/go/cpt";
    private const string Hcpcs = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
    private const string Atc = "http://www.whocc.no/atc";

    private void Decline()
    {
        foreach (var code in (string[])["I10", "E11.9"])
        {
            if (dice.OneIn(2))
                Ill($"ill-{code[..3]}", code, dice.OneIn(3) ? null : dice.DaysAgo(60, 400));
        }

        for (var i = dice.Next(4); i > 0; i--)
            Frailty();
        if (dice.OneIn(2))
            EndOfLife();
        if (dice.OneIn(2))
            KidneyFailure();
    }

    /// <summary>Of several codings any one may be the one that is looked for.</summary>
    private string Several(string coding) =>
        dice.Next(4) switch
        {
            0 => $$"""{"coding":[{"system":"urn:local","code":"1"},{{coding}}]}""",
            1 => $$"""{"coding":[{{coding}},{"system":"urn:local","code":"1"}]}""",
            _ => $$"""{"coding":[{{coding}}]}""",
        };

    private static string Coding(string system, string code) => $$"""{"system":"{{system}}","code":"{{code}}"}""";

    /// <summary>Once, over some time, still going on, or who knows when.</summary>
    private string? When(string name, int from, int to)
    {
        var day = dice.DaysAgo(from, to);
        return dice.Next(8) switch
        {
            0 => null,
            1 => $"\"{name}Period\":{{\"start\":\"{At(day)}\"}}",
            2 => $"\"{name}Period\":{{\"end\":\"{At(day)}\"}}",
            3 => $"\"{name}Period\":{{\"start\":\"{At(day)}\",\"end\":\"{At(day.AddDays(dice.Of(0, 1, 40)))}\"}}",
            _ => $"\"{name}DateTime\":\"{At(day)}\"",
        };
    }

    private void Done(string part, string coding, int from, int to) =>
        Tell(
            "Procedure",
            part,
            $"\"status\":\"{dice.Of("completed", "completed", "completed", "in-progress", "not-done", "preparation", "entered-in-error")}\"",
            $"\"code\":{Several(coding)}",
            Who("subject"),
            When("performed", from, to)
        );

    private void Seen(string part, string code, int from, int to, string? value) =>
        Tell(
            "Observation",
            part,
            $"\"status\":\"{dice.Of("final", "final", "amended", "preliminary", "registered", "cancelled", "entered-in-error")}\"",
            $"\"code\":{Several(code)}",
            Who("subject"),
            When("effective", from, to),
            value is null ? null : $"\"valueCodeableConcept\":{Several(value)}"
        );

    private void Frailty()
    {
        var (from, to) = (1, 90);
        switch (dice.Next(7))
        {
            case 0:
                Ill("frail", dice.Of("R54", "L89.90", "Z74.1"), dice.OneIn(4) ? null : dice.DaysAgo(from, to));
                break;
            case 1:
                Visit("frail", Coding(Cpt, dice.Of("99504", "99509")), from, to);
                break;
            case 2:
                Seen("frail", Coding(Snomed, dice.Of("248279007", "217083007", "271795006")), from, to, null);
                break;
            case 3:
                Seen("aid", Coding(Loinc, "98181-1"), from, to, Coding(Snomed, dice.Of("183240000", "58938008", "1")));
                break;
            case 4:
                Ordered();
                break;
            default:
                Seen(
                    dice.Of("home", "home-too"),
                    Coding(Loinc, "71802-3"),
                    from,
                    to,
                    Coding(Snomed, dice.Of("160734000", "160734000", "424661000"))
                );
                break;
        }

        if (dice.OneIn(2))
            Ill("worse", dice.Of("C78.00", "I50.9", "G30.9"), dice.OneIn(5) ? null : dice.DaysAgo(1, 500));
        if (dice.OneIn(2))
            Prescribed();
    }

    private void Visit(string part, string type, int from, int to)
    {
        var day = dice.DaysAgo(from, to);
        Tell(
            "Encounter",
            part,
            $"\"status\":\"{dice.Of("finished", "finished", "in-progress", "onleave", "planned", "cancelled", "entered-in-error")}\"",
            $"\"class\":{Coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", dice.Of("AMB", "HH"))}",
            Who("subject"),
            $"\"type\":[{(dice.OneIn(3) ? Coded("urn:local", "2") + "," : "")}{Several(type)}]",
            dice.OneIn(8)
                ? null
                : $"\"period\":{{\"start\":\"{At(day)}\"{dice.Maybe($",\"end\":\"{At(day.AddDays(dice.Of(0, 2)))}\"")}}}"
        );
    }

    /// <summary>A device that somebody is to use.</summary>
    private void Ordered() =>
        Tell(
            "DeviceRequest",
            "device",
            $"\"status\":\"{dice.Of("active", "active", "completed", "draft", "revoked", "entered-in-error")}\"",
            $"\"intent\":\"{dice.Of("order", "order", "filler-order", "plan", "proposal")}\"",
            $"\"codeCodeableConcept\":{Several(Coding(Snomed, dice.Of("183240000", "336608004", "2")))}",
            Who("subject"),
            dice.OneIn(6) ? null : $"\"authoredOn\":\"{At(dice.DaysAgo(1, 90))}\"",
            dice.OneIn(6)
                ? "\"modifierExtension\":[{\"url\":\"http://hl7.org/fhir/5.0/StructureDefinition/extension-DeviceRequest.doNotPerform\",\"valueBoolean\":true}]"
                : null
        );

    /// <summary>A medicine for dementia, or another one, said in the order or by the Medication that it names.</summary>
    private void Prescribed()
    {
        var code = dice.Of(Coding(RxNorm, "135447"), Coding(Atc, "N06DA02"), Coding(RxNorm, "29046"));
        var isNamed = dice.OneIn(3);
        if (isNamed)
            Tell("Medication", "medicine", $"\"code\":{Several(code)}");
        string?[] supply =
        [
            dice.Maybe($"\"numberOfRepeatsAllowed\":{dice.Next(4)}"),
            dice.OneIn(4) ? null : Lasting("expectedSupplyDuration", dice.Of(1m, 14m, 30m, 30.5m, 90m, 90.9m, 0.5m)),
        ];
        var dispensed = string.Join(',', supply.OfType<string>());
        Tell(
            "MedicationRequest",
            "order",
            $"\"status\":\"{dice.Of("active", "active", "active", "completed", "stopped", "entered-in-error")}\"",
            $"\"intent\":\"{dice.Of("order", "order", "instance-order", "plan", "option")}\"",
            isNamed
                ? $"\"medicationReference\":{To("Medication", Id("medicine"))}"
                : $"\"medicationCodeableConcept\":{Several(code)}",
            Who("subject"),
            dice.OneIn(8) ? null : $"\"authoredOn\":\"{At(dice.DaysAgo(1, 500))}\"",
            dispensed.Length == 0 ? null : $"\"dispenseRequest\":{{{dispensed}}}",
            dice.OneIn(10) ? "\"doNotPerform\":true" : null
        );
    }

    /// <summary>How long a supply of so many days lasts, in days or as others say it.</summary>
    private string Lasting(string name, decimal days)
    {
        var (value, unit) = dice.Next(8) switch
        {
            0 => (days / 7, "\"unit\":\"weeks\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"wk\""),
            1 => (days / 30, "\"unit\":\"Months\""),
            2 => (days * 24, "\"system\":\"http://unitsofmeasure.org\",\"code\":\"h\""),
            3 => (days, "\"unit\":\"day\""),
            4 => (days, null),
            _ => (days, "\"unit\":\"days\",\"system\":\"http://unitsofmeasure.org\",\"code\":\"d\""),
        };
        var amount = Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
        return $"\"{name}\":{{\"value\":{amount}{(unit is null ? "" : "," + unit)}}}";
    }

    private void EndOfLife()
    {
        var (from, to) = (1, 90);
        switch (dice.Next(7))
        {
            case 0:
                Done("hospice", Coding(Snomed, dice.Of("385763009", "170935008")), from, to);
                break;
            case 1:
                Done("comfort", dice.Of(Coding(Snomed, "103735009"), Coding(Hcpcs, "G9473")), from, to);
                break;
            case 2:
                Visit("hospice", dice.Of(Coding(Snomed, "183919006"), Coding(Hcpcs, "G0182")), from, to);
                break;
            case 3:
                Seen(
                    "asked",
                    Coding(Loinc, "45755-6"),
                    from,
                    to,
                    dice.OneIn(5) ? null : Coding(Snomed, dice.Of("373066001", "373067005"))
                );
                break;
            case 4:
                Seen("comfort-asked", Coding(Loinc, "71007-9"), from, to, null);
                break;
            case 5:
                Ill("comfort-ill", "Z51.5", dice.OneIn(4) ? null : dice.DaysAgo(from, to));
                break;
            default:
                Tell(
                    "ServiceRequest",
                    "hospice",
                    $"\"status\":\"{dice.Of("active", "completed", "draft", "revoked")}\"",
                    $"\"intent\":\"{dice.Of("order", "order", "filler-order", "plan")}\"",
                    $"\"code\":{Several(Coding(Snomed, dice.Of("385763009", "183920000", "103735009")))}",
                    Who("subject"),
                    dice.OneIn(5) ? null : $"\"authoredOn\":\"{At(dice.DaysAgo(from, to))}\"",
                    dice.OneIn(8) ? "\"doNotPerform\":true" : null
                );
                break;
        }
    }

    private void KidneyFailure()
    {
        switch (dice.Next(3))
        {
            case 0:
                Done("dialysis", Coding(Snomed, dice.Of("265764009", "70536003")), 1, 900);
                break;
            case 1:
                Visit("dialysis", Coding(Cpt, dice.Of("90957", "90999", "99512")), 1, 400);
                break;
            default:
                Ill("kidney", dice.Of("N18.6", "Z99.2"), dice.OneIn(4) ? null : dice.DaysAgo(1, 400));
                break;
        }
    }
}
