using CareCoordination.Application.Settings;
using CareCoordination.Rest.Http;
using CareCoordination.Server.Options;
using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests;

/// <summary>A wrong setting stops the start with a sentence that names it.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData(
        "Limits:MaxBodyBytes=many",
        "Limits:MaxBodyBytes is 'many'; it must be a whole number from 1024 to 1073741824."
    )]
    [InlineData("Limits:MaxPageSize=0", "Limits:MaxPageSize is '0'; it must be a whole number from 1 to 10000.")]
    [InlineData(
        "Limits:DefaultPageSize=5000",
        "Limits:DefaultPageSize is 5000; it must not be above Limits:MaxPageSize, which is 1000."
    )]
    [InlineData(
        "Limits:MaxBody=5",
        "Limits:MaxBody is no setting; Limits has BatchConcurrency, DefaultPageSize, MaxAnswerBytes, MaxBodiesBytes, MaxBodyBytes, MaxBundleEntries, MaxEvaluationSteps, MaxEvaluationText, MaxIndexRows, MaxJsonDepth, MaxPageSize, MaxPatchedBytes, MaxRegexMilliseconds, MaxSearchConditions, MaxSearchValues, MaxUrlBytes, MinBytesPerSecond."
    )]
    [InlineData(
        "Storage:Provider=Oracle",
        "Storage:Provider is 'Oracle'; it must be one of Sqlite, PostgreSql, SqlServer."
    )]
    [InlineData("Storage:Provider=PostgreSql", "ConnectionStrings:CareCoordination is missing; PostgreSql needs one.")]
    [InlineData(
        "Server:BaseUrl=fhir",
        "Server:BaseUrl is 'fhir'; it must be an address such as https://fhir.example.org/fhir."
    )]
    [InlineData(
        "Server:CorsOrigins=app.example.org",
        "Server:CorsOrigins has 'app.example.org'; an origin is scheme, host and port, such as https://app.example.org."
    )]
    [InlineData(
        "Care:TimeZone=Mars/Base",
        "Care:TimeZone is 'Mars/Base'; it must be the name of a time zone, such as America/New_York."
    )]
    [InlineData(
        "Care:Timers:Interval=5",
        "Care:Timers:Interval is no setting; Care:Timers has Batch, Enabled, IntervalSeconds."
    )]
    [InlineData("Care:WorkDays=Mon", "Care:WorkDays is 'Mon'; it must be days of the week, such as Monday, Tuesday.")]
    [InlineData(
        "Care:Holidays=Xmas",
        "Care:Holidays is 'Xmas'; a holiday is UnitedStates for the federal ones, a date such as 2026-11-27, a day of every year such as 12-24, a weekday such as 'fourth Friday of November', or None alone."
    )]
    [InlineData(
        "Care:Rules:0:MostPatients=100",
        "Care:Rules:0:EffectiveFrom is ''; a rule set needs the first day on which it holds, such as 2027-01-01."
    )]
    [InlineData(
        "Care:Organizations:a:Rules:0:EffectiveFrom=2027-01-01|Care:Organizations:a:Rules:0:MostPatient=100",
        "Care:Organizations:a:Rules:0:MostPatient is no setting; Care:Organizations:a:Rules:0 has Assessments, Billing, ConsentCategories, ConsentKinds, DeadBandShare, EffectiveFrom, HandoverBusinessDays, Lateness, Monitoring, MostPatients, MostPoints, Referrals, RequiredReadings, ReviewAfterDays, Risk, TierPoints, TransitionPoints, Transitions, Visits, WarnAtShare."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:1:EffectiveFrom=2027-01-01",
        "Care:Rules:1:EffectiveFrom is '2027-01-01', as of another rule set; put what changes on one day into one."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Lateness:0:Code=late|Care:Rules:0:Lateness:0:LeastPriority=high",
        "Care:Rules:0:Lateness:0:LeastPriority is 'high'; it must be one of routine, urgent, asap, stat."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Referrals:AnswerWithin:soon=1",
        "Care:Rules:0:Referrals:AnswerWithin is 'soon'; priorities are routine, urgent, asap, stat."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Referrals:StalledAfterDays=0",
        "Care:Rules:0:Referrals:StalledAfterDays is '0'; it must be a whole number from 1 to 3660."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Risk:HospitalVersion=2019",
        "Care:Rules:0:Risk:HospitalVersion is '2019'; it must be one of 2013, 2016."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Risk:LaceTiers:severe=12",
        "Care:Rules:0:Risk:LaceTiers is 'severe'; tiers are moderate, high."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Billing:Codes:99490:From=never",
        "Care:Rules:0:Billing:Codes:99490:From is 'never'; it must be a whole number from 0 to 44640."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Billing:Codes:99490:Time=Nurse",
        "Care:Rules:0:Billing:Codes:99490:Time is 'Nurse'; it must be one of Any, ClinicalStaff, Practitioner."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Billing:Codes:X1:From=20",
        "Care:Rules:0:Billing:Codes:X1 is no code that there is, so that it needs Program, Family and Words."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Billing:Exclusions:0:Families=ccm",
        "Care:Rules:0:Billing:Exclusions:0:Families is 'ccm'; an exclusion names two families at least, such as ccm,pcm."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Billing:Minutes=20",
        "Care:Rules:0:Billing:Minutes is no setting; Care:Rules:0:Billing has Advisory, Codes, CountsEndsOfStays, CountsParallelWork, CountsVisitDays, ElectsPractitionerTime, Exclusions, InitiatingVisitMonths, QualifiedCoverage."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Assessments:PositiveFrom:phq=2",
        "Care:Rules:0:Assessments:PositiveFrom is 'phq'; scores are phq-2, phq-9, gad-7, ahc-safety, morse."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Assessments:NoNeed:0=93027-1",
        "Care:Rules:0:Assessments:NoNeed is '93027-1'; it must be a question and an answer that is a need, such as 93027-1/LA33-6."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:Risk:EmergencyMonths=0",
        "Care:Rules:0:Risk:EmergencyMonths is '0'; it must be a whole number from 1 to 120."
    )]
    [InlineData(
        "Care:Rules:0:EffectiveFrom=2027-01-01|Care:Rules:0:WarnAtShare=80",
        "Care:Rules:0:WarnAtShare is '80'; it must be a number from 0 to 1, such as 0.8."
    )]
    [InlineData(
        "Server:HostNames=https://care.example",
        "Server:HostNames has 'https://care.example'; an entry is a name without scheme and port, such as care.example.org."
    )]
    [InlineData(
        "Server:AnybodyOnTheNetworkMayDoEverything=yes",
        "Server:AnybodyOnTheNetworkMayDoEverything is 'yes'; it must be true or false."
    )]
    [InlineData(
        "Care:Organizations:Organization/a:TimeZone=UTC",
        "Care:Organizations:Organization/a is no id of an Organization; use its id alone, such as Care:Organizations:clinic-1."
    )]
    public void A_wrong_setting_is_named(string setting, string sentence) =>
        Assert.Equal(
            sentence,
            Assert
                .Throws<ConfigurationProblem>(() => Program.Build([.. setting.Split('|').Select(s => $"--{s}")]))
                .Message
        );

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://care.example:5080")]
    public void An_open_server_refuses_to_listen_for_other_machines(string url) =>
        Assert.Equal(
            $"--urls is '{url}', but no security is configured, and an open server only listens on this machine: use http://localhost:5080, put a proxy that checks clients in front, or, on a closed network only, set Server:AnybodyOnTheNetworkMayDoEverything to true.",
            Assert.Throws<ConfigurationProblem>(() => Program.Build("--urls", url)).Message
        );

    [Theory]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://127.8.9.1:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://10.0.0.1:1", false)]
    [InlineData("http://localhost.evil.example:1", false)]
    [InlineData("nonsense", false)]
    public void Knows_loopback_addresses(string url, bool isLoopback) =>
        Assert.Equal(isLoopback, LoopbackAddress.IsUrl(url));

    [Fact]
    public async Task An_unknown_verb_ends_with_an_error() => Assert.Equal(2, await Program.Main(["serve"]));

    [Fact]
    public async Task The_base_behind_a_proxy_is_what_clients_see()
    {
        await using var server = await TestServer.OnSqliteAsync("--Server:BaseUrl=https://fhir.example.org/fhir/");
        var created = (await server.PostAsync("Patient", Given.Patient("x"))).ShouldBe(201);
        Assert.Equal($"https://fhir.example.org/fhir/Patient/{created.Id}/_history/1", created.Location);
    }
}
