namespace CareCoordination.Server.Tests;

/// <summary>Official examples that break R4's own rules, and how.</summary>
internal static class ExamplesRefused
{
    public static readonly Dictionary<string, string> Reasons = new(StringComparer.Ordinal)
    {
        ["ActivityDefinition-blood-tubes-supply.json"] = "the narrative is a div of whitespace (txt-2)",
        ["ActivityDefinition-heart-valve-replacement.json"] = "the narrative is a div of whitespace (txt-2)",
        ["DeviceMetric-example.json"] = "parent refers to a type that it does not allow",
        ["DeviceUseStatement-example.json"] = "reasonReference refers to a type that it does not allow",
        ["EventDefinition-example.json"] = "the narrative is a div of whitespace (txt-2)",
        ["ImplementationGuide-fhir.json"] = "mandatory elements are missing, and a manifest entry refers to a file",
        ["MedicationRequest-medrx0301.json"] = "dispenseRequest.performer refers to a type that it does not allow",
        ["Observation-clinical-gender.json"] = "performer refers to a type that it does not allow",
        ["Questionnaire-qs1.json"] = "display items have no linkId",
        ["Subscription-example.json"] = "this server does not act on Subscriptions yet, and says so",
        ["Questionnaire-zika-virus-exposure-assessment.json"] = "the narrative is a div of whitespace (txt-2)",
    };
}
