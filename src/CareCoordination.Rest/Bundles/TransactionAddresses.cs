using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.Search;

namespace CareCoordination.Rest.Bundles;

/// <summary>
/// Which entry a reference inside a transaction leads to: by the entry's fullUrl, or by the address here that it writes to.
/// https://hl7.org/fhir/R4/bundle.html#references
/// </summary>
internal sealed class TransactionAddresses
{
    private readonly Dictionary<string, TransactionTarget> _byUrl = new(StringComparer.Ordinal);
    private readonly string _ownBase;
    private readonly FhirDefinitions _definitions;
    private bool _hasWebAddresses;

    private TransactionAddresses(string ownBase, FhirDefinitions definitions) =>
        (_ownBase, _definitions) = (ownBase, definitions);

    /// <summary>The addresses of all that is written; 400 where two entries have one.</summary>
    public static Result<TransactionAddresses> Of(
        ImmutableArray<TransactionTarget> targets,
        string ownBase,
        FhirDefinitions definitions
    )
    {
        var addresses = new TransactionAddresses(ownBase, definitions);
        foreach (var target in targets)
        {
            if (target.Entry.Submitted.FullUrl is { } fullUrl && !addresses.TryAdd(fullUrl, target, out var other))
                return TransactionTargets.SameResource(target.Entry, other);
            if (
                target is { Key: { } key, Entry.Interaction: Update or Delete or Patch { Key: not null } }
                && !addresses.TryAdd($"{ownBase}/{key}", target, out other)
            )
                return TransactionTargets.SameResource(target.Entry, other);
        }

        return addresses;
    }

    /// <summary>
    /// The resource with what leads to entries and to this server resolved; conditional references stay for later. 400 where a
    /// <c>urn:uuid:</c> leads nowhere.
    /// </summary>
    public Result<IncomingResource> Resolve(TransactionEntry entry, IncomingResource resource)
    {
        Failure? failure = null;
        // A patch is applied to what is stored here, where relative references mean this server.
        var entryUrl = entry.Interaction is Patch ? null : entry.Submitted.FullUrl;
        var document = ReferenceRewriter.Rewrite(
            resource.Document,
            _definitions.Schema,
            value =>
            {
                if (failure is not null)
                    return null;
                if (Address(value, entryUrl).TryGet(out var address, out var wrong))
                    return address.Text;
                failure = entry.Submitted.Locate(wrong);
                return null;
            },
            new LinkTargets(text => Link(text), text => Link(text, entryUrl), _hasWebAddresses)
        );
        return failure is null ? resource with { Document = document } : failure;
    }

    /// <summary>
    /// Criteria are answered by what is stored, or will be, under its address here: those that name an entry by an address which
    /// only holds in the Bundle would find nothing.
    /// </summary>
    public Failure? Check(SearchQuery query) =>
        query.Criteria.SelectMany(Named).Any(IsPlaceholder)
            ? Failure.Invalid(
                IssueCode.NotSupported,
                "Criteria cannot name another entry of the Bundle by its fullUrl; use an id, or criteria such as identifier=system|value."
            )
            : null;

    private bool TryAdd(string url, TransactionTarget target, out TransactionTarget other)
    {
        _hasWebAddresses |= url.StartsWith("http", StringComparison.Ordinal);
        if (_byUrl.TryAdd(url, target))
        {
            other = target;
            return true;
        }

        other = _byUrl[url];
        return ReferenceEquals(other.Entry, target.Entry);
    }

    /// <summary>Where a link leads here that is no reference: an element by a full URL as it stands, a narrative by a relative one too.</summary>
    private string? Link(string text, string? entryUrl = null)
    {
        if (_byUrl.TryGetValue(text, out var target))
            return target.Key?.ToString();
        return
            FullUrl.BaseOf(entryUrl, _definitions.Schema.IsResourceType) is not null
            && FullUrl.Of(text, entryUrl, _ownBase, _definitions.Schema.IsResourceType) is { Version: null } named
            && _byUrl.TryGetValue(named.Url, out target)
            ? target.Key?.ToString()
            : null;
    }

    private Result<Replacement> Address(JsonValue value, string? entryUrl)
    {
        var text = value.GetString();
        if (FullUrl.Of(text, entryUrl, _ownBase, _definitions.Schema.IsResourceType) is not { } named)
            return Replacement.None;
        if (!_byUrl.TryGetValue(named.Url, out var target) || target.Key is not { } key)
        {
            if (named.Own is { } own)
                return new Replacement(own == text ? null : own);
            return text.StartsWith("urn:uuid:", StringComparison.Ordinal) && value.NameUtf8.SequenceEqual("reference"u8)
                ? Failure.Invalid(IssueCode.NotFound, "No entry of the Bundle has this fullUrl.", value.Location)
                : Replacement.None;
        }

        if (named.Version is null)
            return new Replacement(key.ToString());
        if (named.Url == $"{_ownBase}/{key}")
            return new Replacement($"{key}/_history/{named.Version}");
        return target.KnownVersion is { } version
            ? new Replacement(string.Create(CultureInfo.InvariantCulture, $"{key}/_history/{version}"))
            : Failure.Invalid(
                IssueCode.NotSupported,
                "Which version the entry becomes is known only when it is stored: refer to it without a version.",
                value.Location
            );
    }

    private bool IsPlaceholder(string name) =>
        name.StartsWith("urn:uuid:", StringComparison.Ordinal)
        || name.StartsWith("urn:oid:", StringComparison.Ordinal)
        || (_byUrl.TryGetValue(name, out var target) && name != $"{_ownBase}/{target.Key}");

    /// <summary>All that a criterion names by address.</summary>
    private IEnumerable<string> Named(Criterion criterion) =>
        criterion switch
        {
            ReferenceCriterion reference => reference.Values.SelectMany(Named),
            UriCriterion uri => uri.Values.Where(v => _byUrl.ContainsKey(v)),
            CompositeCriterion composite => composite
                .Values.SelectMany(v => v.Parts)
                .OfType<ReferenceValue>()
                .SelectMany(Named),
            LinkedCriterion linked => linked.Links.SelectMany(t => Named(t.Criterion)),
            _ => [],
        };

    private IEnumerable<string> Named(ReferenceValue value) =>
        value.Url is { } url ? [url] : value.Targets.Select(t => $"{_ownBase}/{t}");

    /// <summary>A text or none, because a <see cref="Result{T}"/> is never null.</summary>
    private readonly record struct Replacement(string? Text)
    {
        public static readonly Replacement None = new(null);
    }
}
