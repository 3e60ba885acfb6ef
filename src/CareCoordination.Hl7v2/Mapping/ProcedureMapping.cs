using CareCoordination.Hl7v2.DataTypes;

namespace CareCoordination.Hl7v2.Mapping;

/// <summary>PR1. Map: Segment PR1 to Procedure.</summary>
internal static class ProcedureMapping
{
    public static void Add(MappingContext context, Visit visit)
    {
        foreach (var pr1 in context.All("PR1"))
        {
            pr1.Skip(1);
            var code = Concepts.Read(context, pr1[3], system: pr1[2].Text, text: pr1[4].Text);
            if (code is null)
                continue;
            var performers = new[] { 8, 11, 12 }
                .SelectMany(field => pr1.All(field))
                .Select(doctor => Practitioners.Add(context, doctor))
                .OfType<string>()
                .Distinct()
                .Select(url => FhirJson.Object(("actor", FhirJson.Reference(url))));
            context.Add(
                "Procedure",
                [visit.Encounter, "PR1", code.ToJsonString(), pr1[5].Raw],
                ("status", "completed"),
                ("code", code),
                ("subject", FhirJson.Reference(visit.Patient)),
                ("encounter", FhirJson.Reference(visit.Encounter)),
                ("performedDateTime", Times.DateTime(context, pr1[5])),
                ("performer", FhirJson.Array(performers))
            );
        }
    }
}
