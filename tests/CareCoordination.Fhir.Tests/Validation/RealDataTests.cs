using System.Text.RegularExpressions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Validation;

namespace CareCoordination.Fhir.Tests.Validation;

public sealed partial class RealDataTests
{
    private static readonly Validator Validator = new(R4.R4Definitions.Schema);

    /// <summary>Examples that R4 itself made invalid, with all that is wrong with them (places in arrays left out).</summary>
    private static readonly Dictionary<string, string> InvalidInR4 = new(StringComparer.Ordinal)
    {
        // txt-2: the narrative is a div of whitespace.
        ["ActivityDefinition-blood-tubes-supply.json"] = "Value ActivityDefinition.text.div",
        ["ActivityDefinition-heart-valve-replacement.json"] = "Value ActivityDefinition.text.div",
        ["EventDefinition-example.json"] = "Value EventDefinition.text.div",
        ["Questionnaire-zika-virus-exposure-assessment.json"] = "Value Questionnaire.text.div",
        // The reference is to a type that the element does not allow.
        ["DeviceMetric-example.json"] = "Value DeviceMetric.parent.reference",
        ["DeviceUseStatement-example.json"] = "Value DeviceUseStatement.reasonReference.reference",
        ["MedicationRequest-medrx0301.json"] = "Value MedicationRequest.dispenseRequest.performer.reference",
        ["Observation-clinical-gender.json"] = "Value Observation.performer.reference",
        // Mandatory elements are missing, and one manifest entry is a reference to a file.
        ["ImplementationGuide-fhir.json"] =
            "Required ImplementationGuide.name, Required ImplementationGuide.status, Value ImplementationGuide.manifest.resource.reference.reference",
        // Display items have no linkId.
        ["Questionnaire-qs1.json"] =
            "Required Questionnaire.item.item.item.item.linkId, Required Questionnaire.item.item.item.linkId, Required Questionnaire.item.item.linkId",
    };

    [Fact]
    public void All_official_examples_are_valid_but_those_that_R4_made_invalid()
    {
        var found = new List<KeyValuePair<string, string>>();
        foreach (var file in Conformance.Files("r4-examples", "*.json"))
        {
            var issues = Validate(file);
            if (issues.Length > 0)
                found.Add(new(Path.GetFileName(file), issues));
        }

        Assert.Equal(InvalidInR4.OrderBy(e => e.Key, StringComparer.Ordinal), found);
    }

    [Fact]
    public void All_synthetic_patients_are_valid_but_two_resources_with_unknown_elements()
    {
        var found = new List<string>();
        foreach (var file in Conformance.Files("synthea", "*.json*"))
        {
            var issues = Validate(file);
            if (issues.Length > 0)
                found.Add($"{Path.GetFileName(file)}: {issues}");
        }

        Assert.Equal(
            [
                "us_quality_core_bundle_patient.json: Structure Bundle.entry.resource.content.link",
                "uscore_bundle_patient_355.json: Structure Bundle.entry.resource.effective.stop",
            ],
            found
        );
    }

    private static string Validate(string file)
    {
        var document = ResourceDocument.Parse(Conformance.Read(file)).Value;
        var issues = Validator
            .Validate(document)
            .Where(i => i.IsError)
            .Select(i => $"{i.Code} {ArrayPlace().Replace(i.Expression!, "")}");
        return string.Join(", ", issues.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"\[\d+\]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ArrayPlace();
}
