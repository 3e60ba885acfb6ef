using System.Collections.Immutable;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;

namespace CareCoordination.Rest.Bundles;

/// <summary>What is posted to the base: a <see cref="Batch"/> or a <see cref="Transaction"/>. https://hl7.org/fhir/R4/http.html#transaction</summary>
internal static class BundleSubmission
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var bundle, out var failure))
            return failure;
        if (!bundle.ResourceTypeUtf8.SequenceEqual("Bundle"u8))
            return Failure.Invalid(
                IssueCode.Value,
                "Only a Bundle can be posted here; post another resource to its type, as to Patient."
            );
        var isTransaction = HasType(bundle, "transaction"u8);
        if (!isTransaction && !HasType(bundle, "batch"u8))
        {
            return Failure.Invalid(
                IssueCode.Value,
                "A Bundle posted here is of type batch or transaction; to store another one as it is, post it to Bundle.",
                "Bundle.type"
            );
        }

        if (isTransaction)
            return SubmitTransaction.Parse(bundle, request, definitions);
        return Entries(bundle, definitions).TryGet(out var entries, out failure)
            ? new Batch(entries, request.BaseUrl, request.Preferences, request.Budget)
            : failure;
    }

    internal static Result<ImmutableArray<SubmittedEntry>> Entries(ResourceDocument bundle, FhirDefinitions definitions)
    {
        var entries = ImmutableArray.CreateBuilder<SubmittedEntry>();
        if (!bundle.Root.TryGetProperty("entry"u8, out var list))
            return entries.ToImmutable();
        foreach (var entry in list)
        {
            if (entries.Count == definitions.Limits.MaxBundleEntries)
                return Failure.From(
                    413,
                    IssueCode.TooCostly,
                    $"The Bundle has more than {definitions.Limits.MaxBundleEntries} entries: send it in parts.",
                    "Bundle.entry"
                );
            if (!SubmittedEntry.Read(entry, entries.Count).TryGet(out var submitted, out var failure))
                return failure;
            entries.Add(submitted);
        }

        return entries.ToImmutable();
    }

    private static bool HasType(ResourceDocument bundle, ReadOnlySpan<byte> type) =>
        bundle.Root.TryGetProperty("type"u8, out var value) && value.StringEquals(type);
}
