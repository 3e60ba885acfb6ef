using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Referrals;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Referrals;

/// <summary>A patient, a request and a partner to begin with.</summary>
internal static class Referred
{
    public const string Base = "http://here/fhir";
    public const string Partner = "http://there/fhir";

    public const string Bser = "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS";

    public static readonly Reason Because = new("because");

    public static ReferralContext Context(CareRules? rules = null, DateTimeOffset? now = null) =>
        new(
            rules ?? CareRules.Defaults,
            BusinessCalendar.UnitedStates(TimeZoneInfo.Utc),
            Given.Anyone,
            now ?? Given.Now,
            Given.Ids()
        )
        {
            CareManager = "PractitionerRole/manager",
            Lead = "PractitionerRole/lead",
        };

    public static Snapshot Endpoint(string more = "") =>
        Given.Resource(
            "Endpoint",
            "cbo",
            "'status':'active','connectionType':{'system':'http://terminology.hl7.org/CodeSystem/endpoint-connection-type','code':'hl7-fhir-rest'},'payloadType':[{'text':'any'}],'address':'http://there/fhir','managingOrganization':{'reference':'Organization/cbo'}"
                + more
        );

    public static Snapshot Patient(string more = "") =>
        Given.Resource("Patient", "p", "'identifier':[{'value':'1'}],'name':[{'family':'F'}],'gender':'other'" + more);

    public static Snapshot Request(string status = "active", string more = "") =>
        Given.Resource(
            "ServiceRequest",
            "sr",
            $"'status':'{status}','intent':'order','category':[{{'coding':[{{'system':'c','code':'food-insecurity'}}]}}],'code':{{'coding':[{{'system':'s','code':'food'}}]}},'subject':{{'reference':'Patient/p'}},'requester':{{'reference':'PractitionerRole/asker'}}"
                + more
        );

    public static DispatchOrder Order(ReferralProfile? profile = null) =>
        new(Endpoint(), profile ?? ReferralProfile.R4, Base);

    public static DispatchReads Reads() => new() { Patient = Patient() };

    /// <summary>The Task of a referral that was dispatched, as the store has it.</summary>
    public static Snapshot Task(ReferralProfile profile, string status = "requested", string more = "") =>
        Given.Resource(
            "Task",
            "t",
            $"'extension':[{{'url':'https://carecoordination.example/fhir/StructureDefinition/partner','valueReference':{{'reference':'Endpoint/cbo'}}}},{{'url':'https://carecoordination.example/fhir/StructureDefinition/partner-profile','valueCode':'{profile.Name}'}},{{'url':'https://carecoordination.example/fhir/StructureDefinition/referral-attempt','valuePositiveInt':1}}],'basedOn':[{{'reference':'ServiceRequest/sr'}}],'status':'{status}','intent':'order','code':{{'coding':[{{'system':'http://hl7.org/fhir/CodeSystem/task-code','code':'fulfill'}}]}},'focus':{{'reference':'ServiceRequest/sr'}},'for':{{'reference':'Patient/p'}},'authoredOn':'2026-11-20T15:00:00Z','lastModified':'2026-11-20T15:00:00Z','requester':{{'reference':'PractitionerRole/asker'}},'owner':{{'reference':'Organization/cbo'}},'restriction':{{'period':{{'end':'2026-11-30T23:59:59Z'}}}}"
                + more
        );

    public static string Business(string code) =>
        $",'businessStatus':{{'coding':[{{'system':'{Bser}','code':'{code}'}}]}}";

    public static Snapshot WithAttempt(this Snapshot task, int attempt) =>
        task with
        {
            Utf8Json = System.Text.Encoding.UTF8.GetBytes(
                System
                    .Text.Encoding.UTF8.GetString(task.Utf8Json.Span)
                    .Replace("\"valuePositiveInt\":1", $"\"valuePositiveInt\":{attempt}", StringComparison.Ordinal)
            ),
        };

    /// <summary>The partner's copy.</summary>
    public static PartnerTaskVersion Copy(string status, string more = "", string version = "5") =>
        new(
            version,
            Given
                .Resource(
                    "Task",
                    "remote",
                    $"'status':'{status}','intent':'order','for':{{'reference':'{Base}/Patient/p'}}" + more
                )
                .Utf8Json,
            Partner
        );

    public static Decision Applied(this PartnerVerdict verdict) =>
        Assert.IsType<PartnerVerdict.Applied>(verdict).Decision;

    /// <summary>The codes of the work that a decision gives people, in order.</summary>
    public static string[] Work(this Decision decision) =>
        [
            .. decision
                .Writes.Where(w => w.Key.Type == "Task" && w.DecidedFrom == 0)
                .Select(w => decision.Written(w.Key.ToString())["code"]!["coding"]![0]!["code"]!.GetValue<string>()),
        ];
}
