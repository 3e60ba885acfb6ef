using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import.Bulk;

/// <summary>
/// Deletes what a file says was deleted: a transaction Bundle a line, whose entries are DELETEs.
/// https://hl7.org/fhir/uv/bulkdata/export.html#bulk-data-output-file-organization
/// </summary>
internal sealed class ImportDeletions(
    CareSession session,
    FhirDefinitions definitions,
    LimitsOptions limits,
    ImportHomes homes
)
{
    private const int KeysOfCommit = 500;

    private readonly List<ResourceKey> _keys = [];

    /// <summary>As <see cref="Importer.RunPartAsync"/>.</summary>
    public async Task<int> RunPartAsync(
        ImportFile file,
        EntryRange part,
        ImportSummary summary,
        CancellationToken cancellationToken
    )
    {
        var done = part.Skip;
        try
        {
            using var stream = file.Open();
            var lines = new LineReader(stream, limits.MaxBodyBytes);
            for (var number = 1; lines.Next() is { } line; number++)
            {
                if (number <= part.Skip)
                    continue;
                if (!Keys(line).TryGet(out var keys, out var failure))
                    summary.Refused([new Rejection(file.Path, number, failure.Issues[0].Diagnostics)]);
                else
                    _keys.AddRange(keys);
                if (_keys.Count >= KeysOfCommit)
                    await CommitAsync(summary, cancellationToken);
                done = number;
                if (number - part.Skip == part.Take)
                    break;
            }
        }
        catch (Exception e) when (e is ImportException or InvalidDataException or IOException)
        {
            summary.Refused([new Rejection(file.Path, null, e.Message)]);
        }

        await CommitAsync(summary, cancellationToken);
        return done;
    }

    private Result<ImmutableArray<ResourceKey>> Keys(byte[] line)
    {
        if (!ResourceDocument.Parse(line, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        var keys = ImmutableArray.CreateBuilder<ResourceKey>();
        if (document.ResourceTypeUtf8.SequenceEqual("Bundle"u8))
        {
            foreach (var entry in BundleView.From(document).Entry)
            {
                if (entry.Request.Method != "DELETE" || KeyOf(entry.Request.Url ?? "") is not { } key)
                    return NoDeletion();
                if (definitions.BuiltIns.WhyNotWritten(key) is { } refused)
                    return refused;
                keys.Add(key);
            }
        }

        return keys.Count > 0 ? keys.ToImmutable() : NoDeletion();
    }

    /// <summary>Where what its server calls so has its place here.</summary>
    private ResourceKey? KeyOf(string url)
    {
        if (url.Split('/') is not [.., var type, { Length: > 0 } id] || !definitions.Schema.IsResourceType(type))
            return null;
        var entry = new ImportEntry(1, null, "DELETE", url, null, type, id, default);
        var key = (entry with { Home = homes.Of(entry) }).AssignedId;
        return FhirId.IsValid(key) ? new ResourceKey(type, key) : null;
    }

    private async Task CommitAsync(ImportSummary summary, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
            return;
        var writes = new WriteSet { Records = [.. _keys.Distinct().Select(key => new DeleteResource(key))] };
        _keys.Clear();
        var result = await session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), cancellationToken);
        if (!result.TryGet(out var written, out var answer))
            throw new InvalidOperationException($"Records without conditions were answered with {answer.Status}.");
        foreach (var change in written.Changes)
            summary.Stored(change.Resource.Key.Type, change.Outcome == ChangeOutcome.Deleted);
    }

    private static Failure NoDeletion() =>
        Failure.Invalid(
            IssueCode.Structure,
            "A line of a file of deletions is a Bundle whose entries are requests to DELETE a Type/id."
        );
}
