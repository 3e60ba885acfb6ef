using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>Someone or something that many records refer to.</summary>
internal sealed record Party(string Type, string Id, string IdentifierSystem, string Identifier, string Name);

/// <summary>A clinic with the people who work there.</summary>
internal sealed record Site(
    Party Clinic,
    Party Physician,
    Party Nurse,
    Party CareManager,
    Party SocialWorker,
    Party CareManagerRole
);

/// <summary>
/// The hospital, clinics, community organisations and staff that records share. It is derived from the options alone, so every
/// record finds the same people without a list of them being handed around.
/// </summary>
internal sealed class CareNetwork
{
    private const int PatientsPerSite = 600;
    private const string PartnerAddress = "http://127.0.0.1:5090/fhir";
    private const ulong SiteStreams = 1UL << 62;

    private readonly List<JsonObject> _resources = [];

    public CareNetwork(SampleOptions options)
    {
        var random = new SampleRandom(options.Seed, SiteStreams);
        Hospital = Organization(random, "Northmere General Hospital", "hospital");
        CommunityPartners =
        [
            Partner(random, "Lantern Hill Food Bank", "food-bank"),
            Partner(random, "Saltford Community Wellness", "wellness"),
        ];
        Sites =
        [
            .. Enumerable
                .Range(0, Math.Clamp(options.Patients / PatientsPerSite, 2, 500))
                .Select(i => MakeSite(new SampleRandom(options.Seed, SiteStreams + 1 + (ulong)i), i)),
        ];
    }

    public Party Hospital { get; }

    public IReadOnlyList<Party> CommunityPartners { get; }

    public IReadOnlyList<Site> Sites { get; }

    public IReadOnlyList<JsonObject> Resources => _resources;

    private Site MakeSite(SampleRandom random, int number)
    {
        var (city, _) = Names.City(random);
        var clinic = Organization(random, $"{city} Primary Care {number + 1}", $"clinic-{number + 1}");
        var manager = Practitioner(random, $"cm-{number + 1}");
        return new Site(
            clinic,
            Staff(random, clinic, PrimaryCarePhysician, $"md-{number + 1}"),
            Staff(random, clinic, Nurse, $"rn-{number + 1}"),
            manager,
            Staff(random, clinic, SocialWorker, $"sw-{number + 1}"),
            Role(random, manager, clinic, CareManager)
        );
    }

    private Party Staff(SampleRandom random, Party clinic, Concept role, string staffNumber)
    {
        var practitioner = Practitioner(random, staffNumber);
        Role(random, practitioner, clinic, role);
        return practitioner;
    }

    /// <summary>An organisation that referrals are sent to: at the address of the partner simulator, which stands for all of them.</summary>
    private Party Partner(SampleRandom random, string name, string identifier)
    {
        var partner = Organization(random, name, identifier);
        var (organization, endpoint) = (_resources[^1], random.Uuid());
        organization["endpoint"] = Json.Array(new JsonObject { ["reference"] = $"Endpoint/{endpoint}" });
        _resources.Add(
            new JsonObject
            {
                ["resourceType"] = "Endpoint",
                ["id"] = endpoint,
                ["status"] = "active",
                ["connectionType"] = new Concept(Hl7 + "endpoint-connection-type", "hl7-fhir-rest", name).Coding(),
                ["name"] = name,
                ["managingOrganization"] = new JsonObject { ["reference"] = $"Organization/{partner.Id}" },
                ["payloadType"] = Json.Array(Json.Text("Referral")),
                ["address"] = PartnerAddress,
            }
        );
        return partner;
    }

    private Party Organization(SampleRandom random, string name, string identifier)
    {
        var party = new Party("Organization", random.Uuid(), OrganizationSystem, identifier, name);
        _resources.Add(
            new JsonObject
            {
                ["resourceType"] = "Organization",
                ["id"] = party.Id,
                ["identifier"] = Json.Array(Json.Identifier(OrganizationSystem, identifier)),
                ["active"] = true,
                ["type"] = Json.Array(new Concept(Hl7 + "organization-type", "prov", "Provider").Bare()),
                ["name"] = name,
                ["telecom"] = Json.Array(
                    new JsonObject { ["system"] = "phone", ["value"] = $"555-02{random.Between(10, 99)}" }
                ),
            }
        );
        return party;
    }

    private Party Practitioner(SampleRandom random, string staffNumber)
    {
        var gender = random.Chance(60) ? "female" : "male";
        var (family, given) = (Names.Family(random), Names.Given(random, gender));
        var party = new Party("Practitioner", random.Uuid(), StaffSystem, staffNumber, $"{given} {family}");
        _resources.Add(
            new JsonObject
            {
                ["resourceType"] = "Practitioner",
                ["id"] = party.Id,
                ["identifier"] = Json.Array(Json.Identifier(StaffSystem, staffNumber)),
                ["active"] = true,
                ["name"] = Json.Array(new JsonObject { ["family"] = family, ["given"] = Json.Array(given) }),
                ["gender"] = gender,
            }
        );
        return party;
    }

    private Party Role(SampleRandom random, Party practitioner, Party clinic, Concept role)
    {
        var party = new Party(
            "PractitionerRole",
            random.Uuid(),
            StaffSystem,
            $"{practitioner.Identifier}-role",
            $"{practitioner.Name}, {role.Text}"
        );
        _resources.Add(
            new JsonObject
            {
                ["resourceType"] = "PractitionerRole",
                ["id"] = party.Id,
                ["identifier"] = Json.Array(Json.Identifier(StaffSystem, party.Identifier)),
                ["active"] = true,
                ["practitioner"] = new JsonObject
                {
                    ["reference"] = $"Practitioner/{practitioner.Id}",
                    ["display"] = practitioner.Name,
                },
                ["organization"] = new JsonObject
                {
                    ["reference"] = $"Organization/{clinic.Id}",
                    ["display"] = clinic.Name,
                },
                ["code"] = Json.Array(role.ToJson()),
                ["telecom"] = Json.Array(
                    new JsonObject { ["system"] = "phone", ["value"] = $"555-03{random.Between(10, 99)}" }
                ),
            }
        );
        return party;
    }
}
