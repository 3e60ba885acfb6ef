using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Storage;

namespace CareCoordination.Application.Import;

/// <summary>
/// Makes changes of entries: parses, resolves references, validates and indexes as the server does for a request.
/// </summary>
internal sealed class ItemPreparer(FhirDefinitions definitions, ConditionalReferences references, ImportForms forms)
{
    /// <summary>True where tasks that are late already are told of, as any that gets late here.</summary>
    public bool EscalatesLate { get; init; }

    public async Task<PreparedItem> PrepareAsync(ImportItem item)
    {
        var addresses = item.Addresses ?? await AddressesAsync(item);
        var changes = new List<Change>(item.Entries.Count);
        var rejections = ImmutableArray.CreateBuilder<Rejection>();
        foreach (var entry in item.Entries)
        {
            if ((await PrepareAsync(entry, addresses, item)).TryGet(out var change, out var failure))
                changes.AddRange(change);
            else
                rejections.Add(new Rejection(item.File.Path, entry.Number, Explain(failure)));
        }

        if (!item.IsWhole)
            return new PreparedItem(InOrder(changes), rejections.ToImmutable());
        if (rejections.Count == 0 && changes.GroupBy(c => c.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
            rejections.Add(
                new Rejection(
                    item.File.Path,
                    null,
                    $"Two entries are both {twice.Key}; a transaction may change a resource once."
                )
            );
        return rejections.Count > 0
            ? new PreparedItem([], rejections.ToImmutable())
            : new PreparedItem(InOrder(changes), []);
    }

    private async Task<BundleAddresses> AddressesAsync(ImportItem item)
    {
        var addresses = new BundleAddresses();
        foreach (var entry in item.Entries)
            await references.AddAddressAsync(addresses, entry, item.Sequence);
        return addresses;
    }

    /// <summary>The change that stores an entry; none where a conditional create finds that it is there already.</summary>
    private async Task<Result<ImmutableArray<Change>>> PrepareAsync(
        ImportEntry entry,
        BundleAddresses addresses,
        ImportItem item
    )
    {
        var sequence = item.Sequence;
        if (Refusal(entry.Method) is { } refusal)
            return refusal;
        if (entry.Method is "GET" or "HEAD" || entry.IsOutcome)
            return ImmutableArray<Change>.Empty;
        if (entry.Json.IsEmpty)
            return Failure.Invalid(IssueCode.Required, "There is no resource.");
        if (!ResourceDocument.Parse(entry.Json, definitions.JsonLimits).TryGet(out var document, out var failure))
            return failure;
        if (definitions.Schema.FindResource(document.ResourceTypeUtf8) is not { } type)
            return Failure.Invalid(IssueCode.Value, "Its resourceType is missing, or no resource type of FHIR R4.");
        if (item.File.ResourceType is { } said && said != type.Name)
            return Failure.Invalid(
                IssueCode.Value,
                $"It is of type {type.Name}, in a file that is said to have {said} only."
            );

        var id = entry.AssignedId;
        if (entry.Criteria is { } criteria)
        {
            if (!(await references.FindAsync(type.Name, criteria, sequence)).TryGet(out var found, out failure))
                return failure;
            if (found is not null && entry.Method == "POST")
                return ImmutableArray<Change>.Empty;
            id = found?.Id ?? id;
        }

        if (
            entry is { Home: null, FullUrl: null, Method: null }
            && forms.OtherFile(item.File.Path, new ResourceKey(type.Name, id), entry.Json.Span) is { } other
        )
            return Failure.Invalid(
                IssueCode.Duplicate,
                $"{type.Name}/{id} is in {other} in another form, and nothing says that both are of one server. Import the exports of several servers each in a run with --source and its address, and those of one in runs of their own, the oldest first."
            );
        if (!FhirId.IsValid(id))
            return Failure.Invalid(IssueCode.Value, "Its id is none: use 1 to 64 letters, digits, '-' or '.'.");
        var key = new ResourceKey(type.Name, id);
        // What nobody may send, nobody may import.
        if ((IncomingResource.WhyNotYet(document) ?? definitions.BuiltIns.WhyNotWritten(key)) is { } refused)
            return refused;
        var links = new ImportLinks(entry, addresses, definitions.Schema);
        document = links.IsOfAnotherServer ? links.Rewrite(document) : document;
        if (!(await ResolveAsync(document, addresses, sequence)).TryGet(out document, out failure))
            return failure;
        return Valid(document, links).TryGet(out document, out failure)
            ? definitions
                .Put(key, EscalatesLate ? document : definitions.LateBefore(document))
                .Then<ImmutableArray<Change>>(put => ImmutableArray.Create<Change>(put))
            : failure;
    }

    private static Failure? Refusal(string? method) =>
        method switch
        {
            "DELETE" => Failure.Invalid(
                IssueCode.NotSupported,
                "An import only adds and updates; delete through the server."
            ),
            "PATCH" => Failure.Invalid(
                IssueCode.NotSupported,
                "An import takes whole resources; send a PATCH to the server."
            ),
            _ => null,
        };

    /// <summary>The resource as valid as one that is sent.</summary>
    private Result<ResourceDocument> Valid(ResourceDocument document, ImportLinks links)
    {
        document = ClaimedElements.Ignore(document, isNew: true);
        var issues = definitions.Validate(document);
        // Ids that are none of R4 are rare, so that references to them are looked for only where something is refused.
        if (!links.IsOfAnotherServer && issues.Any(issue => issue.IsError))
            issues = definitions.Validate(document = links.Rewrite(document));
        return issues.Any(issue => issue.IsError) ? Failure.Invalid(issues) : document;
    }

    private async Task<Result<ResourceDocument>> ResolveAsync(
        ResourceDocument document,
        BundleAddresses addresses,
        long sequence
    )
    {
        Dictionary<string, string>? resolved = null;
        foreach (var value in ReferenceRewriter.LocalReferences(document))
        {
            var text = value.GetString();
            if (resolved?.ContainsKey(text) == true)
                continue;
            var address = addresses.Find(text);
            if (address is null && text.IndexOf('?', StringComparison.Ordinal) is var mark and > 0)
            {
                var type = text[..mark];
                if (
                    !(await references.FindAsync(type, text[(mark + 1)..], sequence)).TryGet(
                        out var key,
                        out var failure
                    )
                )
                    return failure.Under(value.Location);
                if (key is null)
                    return Failure.Invalid(
                        IssueCode.NotFound,
                        $"No {type} meets the criteria of this reference; import the file that brings it first.",
                        value.Location
                    );
                address = key.Value.ToString();
            }

            if (address is not null)
                (resolved ??= new Dictionary<string, string>(StringComparer.Ordinal))[text] = address;
        }

        return resolved is null && addresses.IsEmpty
            ? document
            : ReferenceRewriter.Rewrite(
                document,
                definitions.Schema,
                value =>
                    value.NameUtf8.SequenceEqual("reference"u8)
                        ? resolved?.GetValueOrDefault(value.GetString())
                        : addresses.Find(value.GetString()),
                addresses.Links
            );
    }

    /// <summary>A resource that comes twice is stored twice, in its order: a set changes each resource once.</summary>
    private static ImmutableArray<ImmutableArray<Change>> InOrder(List<Change> changes)
    {
        var sets = ImmutableArray.CreateBuilder<ImmutableArray<Change>>(1);
        var current = ImmutableArray.CreateBuilder<Change>(changes.Count);
        var keys = new HashSet<ResourceKey>();
        foreach (var change in changes)
        {
            if (!keys.Add(change.Key))
            {
                sets.Add(current.ToImmutable());
                current.Clear();
                keys.Clear();
                keys.Add(change.Key);
            }

            current.Add(change);
        }

        if (current.Count > 0)
            sets.Add(current.ToImmutable());
        return sets.ToImmutable();
    }

    private static string Explain(Failure failure)
    {
        var errors = failure.Issues.Where(issue => issue.IsError).ToList();
        var first = errors[0];
        var more = errors.Count == 1 ? "" : $" (and {errors.Count - 1} more)";
        return first.Expression is null
            ? $"{first.Diagnostics}{more}"
            : $"{first.Expression}: {first.Diagnostics}{more}";
    }
}
