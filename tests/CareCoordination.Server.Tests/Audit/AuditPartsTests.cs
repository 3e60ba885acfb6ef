using System.Text;
using CareCoordination.Application.Audit;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Audit;

/// <summary>The parts of the trail by themselves.</summary>
public sealed class AuditPartsTests
{
    [Theory]
    [InlineData("""{"subject":{"reference":"Patient/1"}}""", "1")]
    [InlineData("""{"subject":{"reference" : "Patient/1"}, "performer":[{"reference":"Patient/a-b.c"}]}""", "1 a-b.c")]
    [InlineData("""{"reference":"Patient\/1"}""", "1")]
    [InlineData("""{"reference":"Patient/1/_history/2"}""", "1")]
    [InlineData("""{"reference":"Patient/1"},{"reference":"Patient/1"}""", "1")]
    [InlineData("""{"reference":"http://elsewhere.example/fhir/Patient/1"}""", "")]
    [InlineData("""{"reference":"Practitioner/1"}""", "")]
    [InlineData("""{"resourceType":"Patient","id":"1"}""", "")]
    [InlineData("""{"reference":"Patient/"}""", "")]
    [InlineData("""{"reference":"Patient?identifier=x"}""", "")]
    [InlineData("""{"reference":"PatientX/1"}""", "")]
    [InlineData("\"Patient/", "")]
    [InlineData("\"Patient", "")]
    [InlineData("", "")]
    public void Patients_are_found_in_bytes(string json, string ids) =>
        Assert.Equal(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            PatientMentions.Of(Encoding.UTF8.GetBytes(json))
        );

    [Fact]
    public void An_id_that_is_too_long_is_none()
    {
        var most = new string('x', 64);
        Assert.Equal([most], PatientMentions.Of(Encoding.UTF8.GetBytes($"\"Patient/{most}\"")));
        Assert.Empty(PatientMentions.Of(Encoding.UTF8.GetBytes($"\"Patient/{most}x\"")));
    }

    [Fact]
    public async Task A_flood_of_unknown_callers_is_a_row_for_each_address_and_second()
    {
        await using var database = await ServerDatabase.NewAsync(isPostgreSql: false);
        await using (var server = await TestServer.StartAsync([.. database.Settings, Trail.BeforeAnswer]))
        {
            var trail = server.Services.GetRequiredService<AuditTrail>();
            for (var i = 0; i < 5_000; i++)
                await trail.RefuseAsync(
                    Caller.Open with
                    {
                        Origin = new RequestOrigin($"r{i}", i % 10 == 0 ? $"10.0.{i / 256}.{i % 256}" : "10.9.9.9"),
                    },
                    "read",
                    "Patient",
                    "1",
                    401
                );
        }

        var rows = await database.TrailAsync();
        Assert.InRange(rows.Count, 2, 1_500);
        Assert.Equal(
            5_000,
            rows.Sum(r => int.Parse(r.Text("count") ?? "1", System.Globalization.CultureInfo.InvariantCulture))
        );
        Assert.All(
            rows,
            r => Assert.Equal(("request", "401", null), (r.Text("interaction"), r.Text("status"), r.Text("id")))
        );
    }

    [Theory]
    [InlineData(true, null, AuditReads.Off)]
    [InlineData(true, "batched", AuditReads.Batched)]
    [InlineData(false, null, AuditReads.Batched)]
    [InlineData(false, "BeforeAnswer", AuditReads.BeforeAnswer)]
    public void Reads_have_rows_where_somebody_is_known(bool isOpen, string? setting, AuditReads expected) =>
        Assert.Equal(expected, AuditOptions.Read(Settings(("Audit:Reads", setting)), isOpen).Reads);

    [Theory]
    [InlineData(
        "Audit:Reads",
        "Off",
        "Audit:Reads is Off, which only an open server may be: choose Batched or BeforeAnswer."
    )]
    [InlineData("Audit:Reads", "never", "Audit:Reads is 'never'; it must be one of Off, Batched, BeforeAnswer.")]
    [InlineData("Audit:Reads", "1", "Audit:Reads is '1'; it must be one of Off, Batched, BeforeAnswer.")]
    [InlineData("Audit:KeepYears", "5", "Audit:KeepYears is '5'; it must be a whole number from 6 to 100.")]
    [InlineData("Audit:MaxWaiting", "0", "Audit:MaxWaiting is '0'; it must be a whole number from 100 to 1000000.")]
    public void A_wrong_setting_stops_the_start_with_a_sentence(string key, string value, string sentence) =>
        Assert.Equal(
            sentence,
            Assert.Throws<ConfigurationProblem>(() => AuditOptions.Read(Settings((key, value)), isOpen: false)).Message
        );

    private static IConfiguration Settings(params (string Key, string? Value)[] values) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                values.Where(v => v.Value is not null).Select(v => KeyValuePair.Create(v.Key, v.Value))
            )
            .Build();
}
