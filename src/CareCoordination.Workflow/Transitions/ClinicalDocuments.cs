using System.Collections.Immutable;
using System.Net.Mime;
using CareCoordination.Fhir.R4;

namespace CareCoordination.Workflow.Transitions;

/// <summary>A content of a DocumentReference that is a document in CDA, or may be one.</summary>
/// <param name="Index">Of <c>DocumentReference.content</c>.</param>
/// <param name="IsSaid">True where the format says so, and not the media type of any XML alone.</param>
/// <param name="Charset">Of the media type; null where it names none.</param>
public readonly record struct ClinicalContent(int Index, AttachmentView Attachment, bool IsSaid, string? Charset);

/// <summary>Finds what may be a document in CDA. https://hl7.org/fhir/R4/valueset-formatcodes.html</summary>
public static class ClinicalDocuments
{
    private static readonly ImmutableArray<string> Xml = ["application/xml", "text/xml"];

    private static readonly ImmutableArray<string> Cda =
    [
        "application/cda+xml",
        "application/hl7-cda+xml",
        "application/hl7-sda+xml",
        "application/x-cda",
        "text/x-cda",
    ];

    public static IEnumerable<ClinicalContent> Of(DocumentReferenceView reference)
    {
        var index = 0;
        foreach (var content in reference.Content)
        {
            var (media, charset) = Media(content.Attachment.ContentType);
            var isSaid = Cda.Contains(media) || IsFormat(content.Format.Code);
            if (isSaid || Xml.Contains(media))
                yield return new ClinicalContent(index, content.Attachment, isSaid, charset);
            index++;
        }
    }

    /// <summary>The formats of C-CDA, and of documents of IHE that are CDA.</summary>
    private static bool IsFormat(string? code) =>
        code is not null
        && (
            code.StartsWith("urn:hl7-org:sdwg:ccda", StringComparison.OrdinalIgnoreCase)
            || code.StartsWith("urn:ihe:pcc:", StringComparison.OrdinalIgnoreCase)
        );

    private static (string Media, string? Charset) Media(string? contentType)
    {
        if (contentType is null)
            return ("", null);
        try
        {
            var type = new ContentType(contentType);
            return (type.MediaType.ToLowerInvariant(), type.CharSet);
        }
        catch (FormatException)
        {
            return ("", null);
        }
    }
}
