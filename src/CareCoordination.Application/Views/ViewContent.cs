using System.Collections.Immutable;
using System.IO.Pipelines;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Views.Files;

namespace CareCoordination.Application.Views;

/// <summary>Rows that are written while they are made, page by page; the first page is there already.</summary>
internal sealed class ViewContent(ViewPages pages, RowFile file, RowFormat format) : RowsContent
{
    /// <summary>Small pages are gathered, so that a packet is worth its way.</summary>
    private const int FlushAfterBytes = 64 * 1024;

    public override string MediaType => format.MediaType;

    public override required ImmutableArray<string> Patients { get; init; }

    public override async ValueTask WriteAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        var stream = output.AsStream(leaveOpen: true);
        while (pages.HasMore && !file.IsFull)
        {
            if (file.Gathered >= FlushAfterBytes)
                await file.FlushAsync(stream, cancellationToken);
            if (await pages.NextAsync(cancellationToken) is { } failure)
                throw new BrokenRowsException(failure);
        }

        await file.EndAsync(stream, cancellationToken);
    }
}
