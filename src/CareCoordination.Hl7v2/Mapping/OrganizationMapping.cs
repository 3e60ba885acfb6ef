using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>The hospital: who it is says the profile of the sender, as MSH-4 is a name of its own making.</summary>
internal static class OrganizationMapping
{
    public static string Add(MappingContext context)
    {
        var (system, value) = context.Sender.OrganizationIdentifier;
        return context.Add(
            "Organization",
            ["hospital", system, value],
            ("identifier", FhirJson.Array(FhirJson.Object(("system", system), ("value", value)))),
            ("active", true),
            (
                "type",
                FhirJson.Array(
                    FhirJson.Concept(
                        "http://terminology.hl7.org/CodeSystem/organization-type",
                        "prov",
                        "Healthcare Provider"
                    )
                )
            ),
            ("name", FhirJson.Text(context.Sender.OrganizationName))
        );
    }
}
