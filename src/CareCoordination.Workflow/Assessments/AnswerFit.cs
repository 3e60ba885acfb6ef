using System.Collections.Immutable;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Assessments;

/// <summary>Whether an answer is one that a question takes: its type, and what is offered.</summary>
internal static class AnswerFit
{
    /// <summary>https://hl7.org/fhir/R4/valueset-item-type.html, with the types of R4 that answer it.</summary>
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Types = ImmutableDictionary<
        string,
        ImmutableArray<string>
    >
        .Empty.Add("attachment", ["Attachment"])
        .Add("boolean", ["boolean"])
        .Add("choice", ["Coding"])
        .Add("date", ["date"])
        .Add("dateTime", ["dateTime"])
        .Add("decimal", ["decimal"])
        .Add("integer", ["integer"])
        .Add("open-choice", ["Coding", "string"])
        .Add("quantity", ["Quantity"])
        .Add("reference", ["Reference"])
        .Add("string", ["string"])
        .Add("text", ["string"])
        .Add("time", ["time"])
        .Add("url", ["uri"]);

    /// <summary>The rest of a sentence about the item; null where it fits.</summary>
    public static string? WhyNot(QuestionnaireItemView question, QuestionnaireResponseItemAnswerView answer)
    {
        var value = answer.Element.Child("value");
        if (!value.Exists || question.Type is not { } kind || !Types.TryGetValue(kind, out var types))
            return null;
        var options = question.AnswerOption.ToImmutableArray();
        // A choice may be one of numbers or texts, as its options are.
        if (kind == "choice" && !options.IsEmpty)
            types = [.. options.Select(o => o.Element.Child("value").Type.Name).Distinct(StringComparer.Ordinal)];
        if (!types.Contains(value.Type.Name))
            return $"takes {string.Join(" or ", types.Select(t => $"value{char.ToUpperInvariant(t[0])}{t[1..]}"))}.";
        if (question.MaxLength is { } most && value.Text is { } text && text.Length > most)
            return $"takes at most {most} characters.";
        var isOpen = kind == "open-choice" && value.Type.Name == "string";
        return options.IsEmpty || isOpen || options.Any(o => Is(o, answer))
            ? null
            : "has an answer that is not offered.";
    }

    /// <summary>A code without a system is that of the option.</summary>
    private static bool Is(QuestionnaireItemAnswerOptionView option, QuestionnaireResponseItemAnswerView answer)
    {
        if (option.ValueCoding.Exists)
            return answer.ValueCoding.Code is { } code
                && option.ValueCoding.Code == code
                && (
                    answer.ValueCoding.System is not { } system
                    || option.ValueCoding.System is not { } other
                    || system == other
                );
        if (option.ValueReference.Exists)
            return option.ValueReference.Reference == answer.ValueReference.Reference;
        return option.Element.Child("value").Text == answer.Element.Child("value").Text;
    }
}
