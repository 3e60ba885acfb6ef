namespace CareCoordination.Application.Requests;

/// <summary>What a write is answered with. https://hl7.org/fhir/R4/http.html#ops</summary>
public enum ReturnPreference
{
    Unstated,
    Minimal,
    Representation,
    OperationOutcome,
}

/// <summary>
/// The Prefer header. https://hl7.org/fhir/R4/http.html#return, https://hl7.org/fhir/R4/search.html#errors
/// </summary>
/// <param name="IsLenient">Unknown search parameters are left out with a warning; without it they are errors.</param>
public sealed record Preferences(ReturnPreference Return, bool IsLenient)
{
    public static readonly Preferences None = new(ReturnPreference.Unstated, IsLenient: false);

    /// <summary>Reads a header value; preferences that are not known here are ignored, as RFC 7240 wants.</summary>
    public static Preferences Parse(string header)
    {
        var result = None;
        var text = header.AsSpan();
        foreach (var range in text.SplitAny(',', ';'))
        {
            result = text[range].Trim() switch
            {
                "return=minimal" => result with { Return = ReturnPreference.Minimal },
                "return=representation" => result with { Return = ReturnPreference.Representation },
                "return=OperationOutcome" => result with { Return = ReturnPreference.OperationOutcome },
                "handling=lenient" => result with { IsLenient = true },
                "handling=strict" => result with { IsLenient = false },
                _ => result,
            };
        }

        return result;
    }
}
