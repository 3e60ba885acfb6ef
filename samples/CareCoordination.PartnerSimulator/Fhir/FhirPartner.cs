using System.Text.Json.Nodes;
using static CareCoordination.PartnerSimulator.PartnerStore;

namespace CareCoordination.PartnerSimulator;

/// <summary>The interactions of the partner's FHIR server. https://hl7.org/fhir/R4/http.html</summary>
internal sealed class FhirPartner(PartnerManners manners, PartnerStore store, EffectLedger ledger)
{
    private readonly SearchPages _pages = new(store);
    private readonly TransactionBundle _transactions = new(manners, store, ledger);
    private readonly MessageReceiver _messages = new(store, ledger);

    public PartnerAnswer Answer(PartnerRequest request, Fault fault)
    {
        var segments = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        lock (store.Gate)
        {
            return (request.Method, segments) switch
            {
                ("GET", []) when request.Query is [{ Key: "_page", Value: var page }] => _pages.Continue(page),
                ("GET", [var type]) when manners.Takes(type, "search") => _pages.Search(
                    type,
                    request,
                    manners.IsStrict,
                    fault == Fault.OldVersion
                ),
                ("GET", [var type, var id]) when manners.Takes(type, "read") => Read($"{type}/{id}", fault),
                ("GET", [var type, var id, "_history", var version]) when manners.Takes(type, "read") => ReadVersion(
                    $"{type}/{id}",
                    version
                ),
                ("POST", []) when manners.TakesTransactions => _transactions.Answer(request),
                ("POST", ["$process-message"]) when manners.TakesMessages => _messages.Answer(request, fault),
                ("POST", [var type]) when manners.Takes(type, "create") => Create(type, request, fault),
                ("PUT", [var type, var id]) when manners.Takes(type, "update") => Update($"{type}/{id}", request),
                _ => PartnerAnswer.Refusal(
                    405,
                    "not-supported",
                    $"The {manners.Name} does not take {request.Method} {(segments.Length == 0 ? "of Bundles" : segments[0])}."
                ),
            };
        }
    }

    private PartnerAnswer Read(string reference, Fault fault) =>
        store.History(reference) switch
        {
            [] => PartnerAnswer.Refusal(404, "not-found", "There is no such resource here."),
            [.., var before, _] when fault == Fault.OldVersion => PartnerAnswer.Of(200, before),
            [.., var current] => PartnerAnswer.Of(200, current),
        };

    private PartnerAnswer ReadVersion(string reference, string version) =>
        store.History(reference).FirstOrDefault(r => $"{r.Version}" == version) is { } found
            ? PartnerAnswer.Of(200, found)
            : PartnerAnswer.Refusal(404, "not-found", "There is no such version here.");

    private PartnerAnswer Create(string type, PartnerRequest request, Fault fault)
    {
        if (request.Body is not { } resource || Text(resource["resourceType"]) != type)
            return PartnerAnswer.Refusal(400, "invalid", $"The body is no {type}.");
        if (request.Header("If-None-Exist") is { Length: > 0 } condition)
        {
            switch (ConditionalCreate.Find(store, type, condition))
            {
                case null:
                    return PartnerAnswer.Refusal(400, "not-supported", "If-None-Exist takes identifier=system|value.");
                case [var existing]:
                    ledger.Repeat(existing);
                    return PartnerAnswer.Of(200, existing) with { Location = Location(existing) };
                case { Count: > 1 }:
                    return PartnerAnswer.Refusal(412, "multiple-matches", "More than one resource has it.");
            }
        }

        if (manners.Complaint(resource) is { } complaint)
            return PartnerAnswer.Refusal(422, "business-rule", complaint);
        if (fault == Fault.PatientPending)
            resource["businessStatus"] = new JsonObject { ["text"] = "Pending: patient not found in receiving system" };
        var created = store.Create(resource);
        ledger.Created(created);
        return PartnerAnswer.Of(201, created) with { Location = Location(created) };
    }

    private PartnerAnswer Update(string reference, PartnerRequest request)
    {
        if (store.Read(reference) is not { } current)
            return PartnerAnswer.Refusal(
                404,
                "not-found",
                "There is no such resource here; ids are given by this server."
            );
        var match = request.Header("If-Match");
        if (string.IsNullOrEmpty(match) && manners.IsStrict)
            return PartnerAnswer.Refusal(412, "required", "An update needs If-Match.");
        if (!string.IsNullOrEmpty(match) && match != current.ETag)
            return PartnerAnswer.Refusal(412, "conflict", $"The current version is {current.Version}.");
        if (request.Body is not { } resource || Text(resource["resourceType"]) != current.Type)
            return PartnerAnswer.Refusal(400, "invalid", $"The body is no {current.Type}.");
        if (Text(resource["id"]) != current.Id)
            return PartnerAnswer.Refusal(400, "invalid", "The id in the body is not the id in the address.");
        if (manners.Complaint(resource) is { } complaint)
            return PartnerAnswer.Refusal(422, "business-rule", complaint);
        var updated = store.Write(resource, current.Id);
        ledger.Updated(updated);
        return PartnerAnswer.Of(200, updated);
    }

    private string Location(PartnerResource resource) =>
        $"{store.Base}/{resource.Reference}/_history/{resource.Version}";
}
