using CareCoordination.Hl7v2.Messages;

namespace CareCoordination.Hl7v2.DataTypes;

/// <summary>Where a patient is, PL: ward, room, bed, facility, building, floor. Map: Datatype PL to Location.</summary>
internal static class Locations
{
    private const string PhysicalType = "http://terminology.hl7.org/CodeSystem/location-physical-type";

    /// <summary>The Location, one for the narrowest place that is named; null where the value names none.</summary>
    public static string? Add(MappingContext context, Hl7Value pl, string organization)
    {
        context.Leave(pl, 1, 2, 3, 4, 7, 8, 9);
        var (ward, room, bed) = (FhirJson.Clean(pl[1].Text), FhirJson.Clean(pl[2].Text), FhirJson.Clean(pl[3].Text));
        var (building, floor) = (FhirJson.Clean(pl[7].Text), FhirJson.Clean(pl[8].Text));
        var facility = FhirJson.Clean(pl[4][1].Text);
        string[] parts = [ward, room, bed, building, floor, facility];
        if (parts.All(p => p.Length == 0))
            return null;
        (string Label, string Value)[] labelled =
        [
            ("", facility),
            ("building ", building),
            ("floor ", floor),
            ("", ward),
            ("room ", room),
            ("bed ", bed),
        ];
        var name = string.Join(", ", labelled.Where(p => p.Value.Length > 0).Select(p => p.Label + p.Value));
        var type =
            bed.Length > 0 ? ("bd", "Bed")
            : room.Length > 0 ? ("ro", "Room")
            : ward.Length > 0 ? ("wa", "Ward")
            : floor.Length > 0 ? ("lvl", "Level")
            : building.Length > 0 ? ("bu", "Building")
            : ("si", "Site");
        return context.Add(
            "Location",
            parts,
            ("status", "active"),
            ("name", FhirJson.Text(name)),
            ("description", FhirJson.Text(pl[9].Text)),
            ("mode", "instance"),
            ("physicalType", FhirJson.Concept(PhysicalType, type.Item1, type.Item2)),
            ("managingOrganization", FhirJson.Reference(organization))
        );
    }
}
