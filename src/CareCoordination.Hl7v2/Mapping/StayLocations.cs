using System.Text.Json.Nodes;
using CareCoordination.Hl7v2.DataTypes;
using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>Where the patient is, was and will be: PV1-3, PV1-6, PV1-42. After a transfer the one begins when the other ends.</summary>
internal static class StayLocations
{
    public static IEnumerable<JsonNode?> Of(
        MappingContext context,
        AdtEvent adt,
        SegmentView pv1,
        StayPeriod period,
        string organization
    )
    {
        var isTransfer = adt.Code == TransitionEvents.Transfer;
        var moved = isTransfer ? period.Happened?.ToDateTime() : null;
        var isOver = adt.Status is "finished" or "cancelled" || (adt.Status is null && period.End is not null);
        yield return At(
            pv1[3],
            isOver ? "completed" : "active",
            FhirJson.Object(("start", moved), ("end", isOver ? period.End?.ToDateTime() : null))
        );
        yield return At(pv1[6], "completed", FhirJson.Object(("end", moved)));
        yield return At(pv1[42], "planned", period: null);

        JsonNode? At(Hl7Value place, string status, JsonObject? period) =>
            Locations.Add(context, place, organization) is { } url
                ? FhirJson.Object(("location", FhirJson.Reference(url)), ("status", status), ("period", period))
                : null;
    }
}
