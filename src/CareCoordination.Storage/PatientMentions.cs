using System.Collections.Immutable;
using System.Text;

namespace CareCoordination.Storage;

/// <summary>
/// The patients that the JSON of a resource names, found without reading it: each compartment of R4 is by a reference, and references to
/// this server are stored relative to it. What merely mentions a patient counts as well: more is told than too little.
/// https://hl7.org/fhir/R4/compartmentdefinition-patient.html
/// </summary>
public static class PatientMentions
{
    private const int MaxIdLength = 64;

    /// <summary>Adds the ids that are named.</summary>
    public static void Find(ReadOnlySpan<byte> utf8Json, ISet<string> ids)
    {
        while (utf8Json.IndexOf("\"Patient"u8) is var start and >= 0)
        {
            utf8Json = utf8Json[(start + "\"Patient"u8.Length)..];
            // JSON may write a slash with a backslash before it.
            var slash =
                utf8Json.StartsWith("/"u8) ? 1
                : utf8Json.StartsWith("\\/"u8) ? 2
                : 0;
            if (slash == 0)
                continue;
            var length = IdLength(utf8Json[slash..]);
            if (length is > 0 and <= MaxIdLength)
                ids.Add(Encoding.ASCII.GetString(utf8Json.Slice(slash, length)));
        }
    }

    public static ImmutableArray<string> Of(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.IndexOf("\"Patient"u8) < 0)
            return [];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        Find(utf8Json, ids);
        return [.. ids];
    }

    private static int IdLength(ReadOnlySpan<byte> rest)
    {
        var length = 0;
        while (
            length < rest.Length
            && (char.IsAsciiLetterOrDigit((char)rest[length]) || rest[length] is (byte)'-' or (byte)'.')
        )
            length++;
        return length;
    }
}
