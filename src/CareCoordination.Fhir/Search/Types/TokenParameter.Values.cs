using System.Collections.Immutable;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Search.Types;

/// <summary>Which values of a query the elements of a token parameter can have at all.</summary>
public static partial class TokenParameter
{
    /// <summary>https://hl7.org/fhir/R4/valueset-contact-point-system.html</summary>
    private static readonly ImmutableArray<string> ContactSystems =
    [
        "phone",
        "fax",
        "email",
        "pager",
        "url",
        "sms",
        "other",
    ];

    /// <summary>
    /// 400 for a value that is none of the parameter's kind. A code that a required binding does not have is no error by R4, and comes with
    /// a warning (<see cref="Doubt"/>). https://hl7.org/fhir/R4/search.html#errors
    /// </summary>
    internal static Result<TokenValue> ParseValue(SearchParameter parameter, string piece)
    {
        if (!ParseValue(parameter.Code, piece).TryGet(out var value, out var failure))
            return failure;
        var forms = parameter.Forms;
        if (forms.IsOpen || Fits(forms, value) || !forms.Codes.IsEmpty)
            return value;
        return Failure.Invalid(
            IssueCode.Value,
            $"'{parameter.Code}' {Kind(forms)}; use {parameter.Code}={Example(forms)}, or {parameter.Code}:missing=false for any value."
        );
    }

    /// <summary>Why nothing can have one of the values, as a sentence; null where each may be found.</summary>
    internal static string? Doubt(TokenCriterion criterion)
    {
        var (parameter, forms) = (criterion.Parameter, criterion.Parameter.Forms);
        if (!forms.IsClosed || forms.Codes.IsEmpty)
            return null;
        foreach (var value in criterion.Values)
        {
            if (Fits(forms, value))
                continue;
            var codes = forms.Codes.SelectMany(set => set.Codes).ToList();
            return codes.Exists(code => IsSame(code.Value, value.Code)) || value.Code is null
                ? $"'{parameter.Code}' has no such code of the system that is given: its codes are of {string.Join(", ", codes.Select(code => code.System).Distinct(StringComparer.Ordinal))}."
                : $"'{parameter.Code}' has no such code, so nothing is found by it. {Suggestion.Sentence(value.Code, codes.Select(code => code.Value).Distinct(StringComparer.Ordinal))}";
        }

        return null;
    }

    private static bool Fits(TokenForms forms, TokenValue value)
    {
        var isWithoutSystem = string.IsNullOrEmpty(value.System);
        if (forms.HasBooleans && (isWithoutSystem || IsBooleanSystem(value.System)) && IsBoolean(value.Code))
            return true;
        if (forms.HasContactPoints && (isWithoutSystem || ContactSystems.Contains(value.System!)))
            return true;
        if ((forms.HasTexts && isWithoutSystem) || (forms.HasUnlistedCodes && value.Code is not null))
            return true;
        foreach (var set in forms.Codes)
        {
            foreach (var code in set.Codes)
            {
                if (
                    (isWithoutSystem || code.System == value.System)
                    && (value.Code is null || IsSame(code.Value, value.Code))
                )
                    return true;
            }
        }

        return false;
    }

    /// <summary>Null stands for any of its system.</summary>
    private static bool IsBoolean(string? code) => code is null || IsSame("true", code) || IsSame("false", code);

    private static bool IsBooleanSystem(string? system) => system is BooleanSystem or OtherBooleanSystem;

    /// <summary>Plain codes are compared without regard to case.</summary>
    private static bool IsSame(string known, string? asked) => known.Equals(asked, StringComparison.OrdinalIgnoreCase);

    private static string Kind(TokenForms forms) =>
        forms switch
        {
            { HasContactPoints: true } => $"takes {string.Join(", ", ContactSystems)} as system",
            { HasBooleans: true, IsClosed: true } => "is true or false",
            { HasUnlistedCodes: true } => "has codes whose system is not stored, so that it alone finds nothing",
            _ => "has no system",
        };

    private static string Example(TokenForms forms) =>
        forms switch
        {
            { HasContactPoints: true } => "email|ann@example.org",
            { HasBooleans: true, IsClosed: true } => "true",
            { HasUnlistedCodes: true } => "code",
            _ => "value",
        };
}
