using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Assessments;

namespace CareCoordination.Application.Definitions;

/// <summary>The instruments as Questionnaires, made of the tables that score them. https://hl7.org/fhir/R4/questionnaire.html</summary>
internal static class OwnQuestionnaires
{
    /// <summary>https://hl7.org/fhir/R4/extension-ordinalvalue.html</summary>
    private const string Ordinal = "http://hl7.org/fhir/StructureDefinition/ordinalValue";

    private const string Copyright =
        "Codes and answers with the system http://loinc.org are of LOINC, under the terms of https://loinc.org/license. The texts are this server's own and stand for the published wording, which is to be had from the owners of the instruments.";

    public static readonly ImmutableArray<BuiltIn> All = [.. Instruments.All.Select(ToBuiltIn)];

    private static BuiltIn ToBuiltIn(Instrument instrument) =>
        OwnResource.BuiltIn(
            ResourceTypes.Questionnaire,
            InstrumentChoice.Canonicals + instrument.Code,
            instrument.Title,
            $"{instrument.Title}: {instrument.Questions.Length} questions, with the LOINC code of each as its linkId.",
            questionnaire =>
            {
                questionnaire["version"] = instrument.Version;
                questionnaire["subjectType"] = new JsonArray(ResourceTypes.Patient);
                questionnaire["copyright"] = Copyright;
                questionnaire["code"] = new JsonArray(Coding(Instruments.Loinc, instrument.Panel, instrument.Title));
                questionnaire["item"] = new JsonArray([.. instrument.Questions.Select(Item)]);
            }
        );

    private static JsonObject Item(Question question)
    {
        var item = new JsonObject
        {
            ["linkId"] = question.LinkId,
            ["code"] = new JsonArray(Coding(Instruments.Loinc, question.LinkId, question.Text)),
            ["text"] = question.Text,
            ["type"] = question.Type,
        };
        if (question.Repeats)
            item["repeats"] = true;
        if (!question.Choices.IsEmpty)
            item["answerOption"] = new JsonArray([.. question.Choices.Select(Option)]);
        return item;
    }

    private static JsonObject Option(Choice choice)
    {
        var coding = Coding(choice.System, choice.Code, choice.Text);
        if (choice.Points is { } points)
            coding["extension"] = new JsonArray(new JsonObject { ["url"] = Ordinal, ["valueDecimal"] = points });
        return new JsonObject { ["valueCoding"] = coding };
    }

    private static JsonObject Coding(string system, string code, string text) =>
        new()
        {
            ["system"] = system,
            ["code"] = code,
            ["display"] = text,
        };
}
