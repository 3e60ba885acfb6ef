using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using MediatR;

namespace CareCoordination.Application.Interactions;

/// <summary>
/// A patient's whole record: the patient and all that belongs to its compartment, in pages.
/// https://hl7.org/fhir/R4/patient-operation-everything.html
/// </summary>
public sealed record Everything(EverythingQuery Query, Projection Projection, string BaseUrl, PageLinks Links)
    : FhirInteraction("$everything", Query.Patient.Type, Query.Patient.Id)
{
    public static Result<FhirInteraction> Parse(InteractionRequest request, FhirDefinitions definitions)
    {
        if (!ResourceKey.Create(ResourceTypes.Patient, request.Id).TryGet(out var patient, out var failure))
            return failure;
        if (RefuseBody(request, definitions) is { } refusal)
            return refusal;
        if (request.Query.First("start") is not null || request.Query.First("end") is not null)
            return Failure.Invalid(
                IssueCode.NotSupported,
                "start and end are not offered; use _since, or search the types you need by date."
            );
        if (!PageParameters.Parse(request, definitions, "_type").TryGet(out var page, out failure))
            return failure;

        var types = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, value) in request.Query)
        {
            if (name == "_type")
                types.AddRange(
                    value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                );
        }

        foreach (var type in types)
        {
            if (!definitions.Schema.IsResourceType(type))
                return Failure.Invalid(
                    IssueCode.Value,
                    "_type lists resource types of FHIR R4, separated by commas; one of these is none."
                );
        }

        var query = new EverythingQuery(patient, page.Count) { Types = types.ToImmutable(), Since = page.Since };
        var self = $"{patient}/$everything?{page.SelfQuery}";
        var everything = new Everything(
            query,
            page.Projection,
            request.BaseUrl,
            PageLinks.Of($"{request.BaseUrl}/{self}", request.Query)
        )
        {
            Self = self,
        };
        if (page.Token is null)
            return everything;
        return PageToken.Read(page.Token, self).TryGet(out var cursor, out failure)
            ? everything with
            {
                Query = query with { After = cursor.Key },
            }
            : failure;
    }

    /// <summary>What a body asks for is not passed over: its links could not repeat it either.</summary>
    private static Failure? RefuseBody(InteractionRequest request, FhirDefinitions definitions)
    {
        if (request.Body.IsEmpty)
            return null;
        if (!ResourceDocument.Parse(request.Body, definitions.JsonLimits).TryGet(out var body, out var failure))
            return failure;
        return body.ResourceTypeUtf8.SequenceEqual("Parameters"u8) && !body.Root.TryGetProperty("parameter"u8, out _)
            ? null
            : Failure.Invalid(
                IssueCode.NotSupported,
                "$everything takes its parameters in the URL: send an empty Parameters or no body."
            );
    }

    /// <summary>The address of the first page, relative to the base: a page belongs to it.</summary>
    public required string Self { get; init; }
}

internal sealed class EverythingHandler(CareSession session, FhirDefinitions definitions, TimeProvider time)
    : IRequestHandler<Everything, FhirResponse>
{
    public async Task<FhirResponse> Handle(Everything everything, CancellationToken cancellationToken)
    {
        var patient = everything.Query.Patient;
        switch (await session.Reads.ReadAsync(patient, cancellationToken))
        {
            case null:
                return Failure.NotFound($"There is no {patient}.");
            case { IsDeleted: true } gone:
                return FhirResponse.Of(Failure.Gone($"{patient} was deleted."), gone);
        }

        var page = await session.Reads.EverythingAsync(everything.Query, cancellationToken);
        var entries = new BundleEntry[page.Resources.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var resource = page.Resources[i];
            entries[i] = new()
            {
                FullUrl = $"{everything.BaseUrl}/{resource.Key}",
                Resource = everything.Projection.Apply(resource.Utf8Json, definitions),
                Source = resource.Utf8Json,
                SearchMode = "match",
            };
        }

        return FhirResponse.Of(
            new BundleContent("searchset", time.GetUtcNow(), entries)
            {
                SelfLink = everything.Links.Self,
                FirstLink = everything.Links.First,
                NextLink = page.Next is { } next
                    ? everything.Links.Next(PageToken.Write(new PageCursor(null, next), everything.Self))
                    : null,
            }
        );
    }
}
