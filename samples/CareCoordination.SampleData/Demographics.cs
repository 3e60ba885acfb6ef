using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>The Patient. https://hl7.org/fhir/R4/patient.html</summary>
internal static class Demographics
{
    public static void Write(PatientRecord record)
    {
        var random = record.Random;
        var gender = random.Chance(52) ? "female" : "male";
        var (city, postalCode) = Names.City(random);
        record.Add(
            "Patient",
            new JsonObject
            {
                ["identifier"] = Json.Array(
                    new JsonObject
                    {
                        ["use"] = "usual",
                        ["type"] = new Concept(Hl7 + "v2-0203", "MR", "Medical record number").Bare(),
                        ["system"] = MrnSystem,
                        ["value"] = $"MRN-{record.Index + 1:0000000}",
                    }
                ),
                ["active"] = true,
                ["name"] = Json.Array(
                    new JsonObject
                    {
                        ["use"] = "official",
                        ["family"] = Names.Family(random),
                        ["given"] = Json.Array(Names.Given(random, gender)),
                    }
                ),
                ["telecom"] = Json.Array(
                    new JsonObject
                    {
                        ["system"] = "phone",
                        ["value"] = $"555-01{random.Between(10, 99)}",
                        ["use"] = "mobile",
                    }
                ),
                ["gender"] = gender,
                ["birthDate"] = record.AsOf.AddDays(-random.Between(19 * 365, 94 * 365)).Iso(),
                ["address"] = Json.Array(
                    new JsonObject
                    {
                        ["use"] = "home",
                        ["line"] = Json.Array(Names.Street(random)),
                        ["city"] = city,
                        ["state"] = "MA",
                        ["postalCode"] = postalCode,
                        ["country"] = "US",
                    }
                ),
                ["communication"] = Json.Array(
                    new JsonObject
                    {
                        ["language"] = new Concept(
                            "urn:ietf:bcp:47",
                            random.Chance(80) ? "en" : "es",
                            "Language"
                        ).Bare(),
                        ["preferred"] = true,
                    }
                ),
                ["generalPractitioner"] = Json.Array(record.To(record.Site.Physician)),
                ["managingOrganization"] = record.To(record.Site.Clinic),
            }
        );
    }
}
