using System.Buffers;
using CareCoordination.Application.Answers;

namespace CareCoordination.Rest.Http;

/// <summary>
/// Writes a body as XML. A Bundle is converted entry by entry while it is sent, so that a large answer is never a large tree.
/// </summary>
internal static class XmlAnswer
{
    private const int FlushAfterBytes = 32 * 1024;

    private static ReadOnlySpan<byte> EndOfBundle => "</Bundle>"u8;

    public static async Task WriteAsync(
        HttpResponse response,
        FhirContent body,
        XmlFormat xml,
        bool isPretty,
        CancellationToken cancellationToken
    )
    {
        if (body is BundleContent bundle)
        {
            await WriteBundleAsync(response, bundle, xml, isPretty, cancellationToken);
            return;
        }

        var document = new ArrayBufferWriter<byte>(4096);
        xml.Write(body.ToUtf8Json(), isPretty, document);
        response.ContentLength = document.WrittenCount;
        response.BodyWriter.Write(document.WrittenSpan);
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    private static async Task WriteBundleAsync(
        HttpResponse response,
        BundleContent bundle,
        XmlFormat xml,
        bool isPretty,
        CancellationToken cancellationToken
    )
    {
        var head = new ArrayBufferWriter<byte>(1024);
        xml.Write(bundle.HeadToUtf8Json(), isPretty, head);
        var output = response.BodyWriter;
        // The entries stand before the end of the element. https://hl7.org/fhir/R4/bundle.html
        output.Write(head.WrittenSpan[..head.WrittenSpan.LastIndexOf(EndOfBundle)]);
        foreach (var entry in bundle.EntriesToUtf8Json())
        {
            xml.WriteEntry(entry, isPretty, output);
            if (output.UnflushedBytes >= FlushAfterBytes)
                await output.FlushAsync(cancellationToken);
        }

        output.Write(EndOfBundle);
        await output.FlushAsync(cancellationToken);
    }
}
