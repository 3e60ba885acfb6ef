namespace CareCoordination.Fhir.Primitives;

/// <summary>The rules of the id type: 1 to 64 of <c>A-Z a-z 0-9 - .</c>, but for a dot or two alone. https://hl7.org/fhir/R4/datatypes.html#id</summary>
public static class FhirId
{
    public const int MaxLength = 64;

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        // In an address these two mean something else. https://www.rfc-editor.org/rfc/rfc3986#section-5.2.4
        if (text.Length is 0 or > MaxLength || text is "." or "..")
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not '-' and not '.')
                return false;
        }

        return true;
    }

    /// <summary>A new time-ordered id (UUIDv7), so that ids given by the server arrive in index order.</summary>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString();
}
