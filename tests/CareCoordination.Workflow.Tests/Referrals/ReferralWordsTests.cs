using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>What a referral says in words, here and at the partner.</summary>
public sealed class ReferralWordsTests
{
    private static readonly ImmutableDictionary<string, string> Names = new Dictionary<string, string>
    {
        ["Patient/p"] = "Edda Lindqvist",
        ["PractitionerRole/asker"] = "Dr Grey, Clinic",
        ["Organization/cbo"] = "Food Bank",
    }.ToImmutableDictionary();

    [Theory]
    [InlineData(",'code':{'text':'Food box','coding':[{'display':'other'}]}", "Food box")]
    [InlineData(",'code':{'coding':[{'system':'s','code':'1','display':'Food pantry'}]}", "Food pantry")]
    [InlineData(",'code':{'coding':[{'code':'1'}]},'category':[{'text':'Food insecurity'}]", "Food insecurity")]
    [InlineData("", null)]
    public void A_task_says_what_is_asked_of_whom_for_whom(string more, string? words)
    {
        var request = Given.Resource(
            "ServiceRequest",
            "sr",
            "'status':'active','intent':'order','subject':{'reference':'Patient/p'},'requester':{'reference':'PractitionerRole/asker'}"
                + more
        );

        var task = Dispatched(request);

        Assert.Equal(words, task["description"]?.GetValue<string>());
        Assert.Equal(words, task["focus"]!["display"]?.GetValue<string>());
        Assert.Equal("Edda Lindqvist", task["for"]!["display"]!.GetValue<string>());
        Assert.Equal("Dr Grey, Clinic", task["requester"]!["display"]!.GetValue<string>());
        Assert.Equal("Food Bank", task["owner"]!["display"]!.GetValue<string>());
        Assert.Equal("routine", task["priority"]!.GetValue<string>());
    }

    [Fact]
    public void The_priority_is_that_of_the_request() =>
        Assert.Equal(
            "urgent",
            Dispatched(Referred.Request(more: ",'priority':'urgent'"))["priority"]!.GetValue<string>()
        );

    [Theory]
    [InlineData(
        "gravity",
        "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-TaskForReferralManagement"
    )]
    [InlineData("bser", "http://hl7.org/fhir/us/bser/StructureDefinition/BSeR-ReferralTask")]
    [InlineData("r4", null)]
    public void What_leaves_claims_the_profile_of_the_partner(string name, string? claimed)
    {
        var profile = ReferralProfile.Find(name)!;
        var task = Referred.Task(profile);

        var shown = JsonNode.Parse(PartnerView.Of(task, profile))!;
        var again = JsonNode.Parse(PartnerView.Of(task with { Utf8Json = PartnerView.Of(task, profile) }, profile))!;

        Assert.Equal(claimed, shown["meta"]?["profile"]?[0]?.GetValue<string>());
        Assert.Equal(claimed is null ? 0 : 1, again["meta"]?["profile"]?.AsArray().Count ?? 0);
    }

    [Theory]
    [InlineData("Practitioner/d", false)]
    [InlineData("Device/server", false)]
    [InlineData("Organization/o", true)]
    [InlineData("PractitionerRole/r", true)]
    public void What_the_profile_does_not_allow_claims_nothing(string requester, bool claims)
    {
        var json = JsonNode.Parse(Referred.Task(ReferralProfile.Gravity).Utf8Json.Span)!;
        json["requester"] = new JsonObject { ["reference"] = requester };
        var task = Referred.Task(ReferralProfile.Gravity) with
        {
            Utf8Json = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()),
        };

        Assert.Equal(
            claims,
            JsonNode.Parse(PartnerView.Of(task, ReferralProfile.Gravity))!["meta"]?["profile"] is not null
        );
    }

    [Theory]
    [InlineData("Patient", "for", "owner,requester,insurance.0")]
    [InlineData("Patient,Organization,PractitionerRole,Coverage", "for,owner,requester,insurance.0", "")]
    [InlineData("", "", "for,owner,requester,insurance.0")]
    public void Names_stay_here_where_the_resource_would(string types, string named, string unnamed)
    {
        var task = Given.Resource(
            "Task",
            "t",
            "'focus':{'reference':'ServiceRequest/sr','display':'Food box'},'for':{'reference':'Patient/p','display':'Edda'},'owner':{'type':'Organization','display':'Food Bank'},'requester':{'reference':'http://here/fhir/PractitionerRole/r/_history/2','display':'Dr Grey'},'insurance':[{'reference':'Coverage/c','display':'Gold'}],'code':{'coding':[{'code':'x','display':'Stays'}]}"
        );

        var sent = JsonNode.Parse(
            PartnerDisplays.Withhold(task, [.. types.Split(',', StringSplitOptions.RemoveEmptyEntries)]).Utf8Json.Span
        )!;

        Assert.All(Paths(named), path => Assert.NotNull(At(sent, path)["display"]));
        Assert.All(Paths(unnamed), path => Assert.Null(At(sent, path)["display"]));
        Assert.Equal("Food box", sent["focus"]!["display"]!.GetValue<string>());
        Assert.Equal("Stays", sent["code"]!["coding"]![0]!["display"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(
        "Patient",
        "'name':[{'use':'old','family':'Before'},{'family':'F','given':['A','B']},{'use':'official','text':'Ms A. F'}]",
        "Ms A. F"
    )]
    [InlineData("Patient", "'name':[{'use':'maiden','family':'Before'}]", null)]
    [InlineData(
        "Practitioner",
        "'name':[{'prefix':['Dr'],'given':['Mo'],'family':'Grey','suffix':['MD']}]",
        "Dr Mo Grey MD"
    )]
    [InlineData("Practitioner", "'active':true", null)]
    [InlineData("Organization", "'name':'Food Bank'", "Food Bank")]
    [InlineData("HealthcareService", "'name':'Pantry'", "Pantry")]
    [InlineData("CareTeam", "'name':'Team'", "Team")]
    [InlineData(
        "PractitionerRole",
        "'practitioner':{'display':'Dr Grey'},'organization':{'display':'Clinic'}",
        "Dr Grey, Clinic"
    )]
    [InlineData("PractitionerRole", "'practitioner':{'reference':'Practitioner/1'}", null)]
    [InlineData("Device", "'status':'active'", null)]
    public void People_and_organisations_are_called_by_their_names(string type, string elements, string? name) =>
        Assert.Equal(name, PartyNames.Of(Given.Resource(type, "x", elements)));

    private static JsonNode Dispatched(Snapshot request)
    {
        var decision = DispatchReferral
            .Dispatch(request, Referred.Order(), Referred.Reads() with { Names = Names }, Referred.Context())
            .Value;
        return decision.Written(decision.Answer.ToString());
    }

    private static string[] Paths(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static JsonNode At(JsonNode node, string path) =>
        path.Split('.').Aggregate(node, (at, step) => int.TryParse(step, out var index) ? at[index]! : at[step]!);
}
