using CareCoordination.Server.Tests.Kit;

namespace CareCoordination.Server.Tests.Transitions;

/// <summary>A stay of which a hospital tells again and again: what is read for a further message does not grow with what was told.</summary>
public sealed class LongStayTests
{
    private const int Messages = 2000;

    /// <summary>What of the stay is read is what is found by its key; the number is that of the rows.</summary>
    [Fact]
    public async Task Two_thousand_messages_of_one_stay_are_few_to_read_and_the_last_one_counts()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var hospital = new Hospital { Disposition = "home" };
        var first = (await server.PostAsync("$submit-transition", hospital.Admit("2026-11-16T09:40:00Z"))).ShouldBe(
            200
        );
        var key = first.Json.GetProperty("identifier").EnumerateArray().Last().GetProperty("value").GetString();
        var read = $"Task?identifier=urn:carecoordination:transition-stay|{key}&_summary=count";
        var start = new DateTimeOffset(2026, 11, 16, 10, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < Messages; i++)
        {
            var at = start
                .AddSeconds(i)
                .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            // Each has an id of its own, and some come late.
            if (i % 10 == 9)
                at = start
                    .AddSeconds(i - 5)
                    .ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            (await server.PostAsync("$submit-transition", hospital.Update(at))).ShouldBe(200);
            if (i % 100 == 99)
                Assert.InRange(
                    int.Parse(
                        (await server.GetAsync(read)).Text("total")!,
                        System.Globalization.CultureInfo.InvariantCulture
                    ),
                    1,
                    20
                );
        }

        (await server.PostAsync("$submit-transition", hospital.Discharge("2026-11-20T16:10:00Z"))).ShouldBe(200);

        Assert.Equal(
            first.Body,
            (
                await server.PostAsync(
                    "$submit-transition",
                    new Hospital(hospital.Visit, hospital.Person) { Family = hospital.Family }.Admit(
                        "2026-11-16T09:40:00Z"
                    )
                )
            )
                .ShouldBe(200)
                .Body
        );
        Assert.Single((await server.GetAsync("CarePlan?status=active")).Ids);
        Assert.Equal(
            "finished",
            Assert.Single((await server.GetAsync("Encounter")).Resources).GetProperty("status").GetString()
        );
    }

    [Fact]
    public async Task An_update_whose_record_is_read_no_more_is_still_answered_as_the_first_time()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var hospital = new Hospital();
        (await server.PostAsync("$submit-transition", hospital.Admit("2026-11-16T09:40:00Z"))).ShouldBe(200);
        var update = hospital.Update("2026-11-16T10:00:00Z");
        var first = (await server.PostAsync("$submit-transition", update)).ShouldBe(200);
        // Corrections of one message, and messages of their own.
        for (var i = 10; i < 50; i++)
            (
                await server.PostAsync(
                    "$submit-transition",
                    hospital
                        .Message("update", $"2026-11-16T11:{i}:00Z", id: i % 2 == 0 ? $"h-{hospital.Visit}-2" : null)
                        .Replace("\"code\":\"IMP\"", $"\"code\":\"IMP\",\"display\":\"{i}\"", StringComparison.Ordinal)
                )
            ).ShouldBe(200);

        Assert.Equal(first.Body, (await server.PostAsync("$submit-transition", update)).ShouldBe(200).Body);
        Assert.Equal(
            "49",
            Assert
                .Single((await server.GetAsync("Encounter")).Resources)
                .GetProperty("class")
                .GetProperty("display")
                .GetString()
        );
    }

    [Fact]
    public async Task What_remains_is_bounded_and_more_is_for_people()
    {
        await using var server = await TestServer.OnSqliteAsync();
        var hospital = new Hospital();
        var start = new DateTimeOffset(2026, 11, 16, 10, 0, 0, TimeSpan.Zero);
        string At(int i) =>
            start.AddSeconds(i).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        for (var i = 0; i < 500; i++)
            (await server.PostAsync("$submit-transition", hospital.Transfer(At(i)))).ShouldBe(200);

        var more = (await server.PostAsync("$submit-transition", hospital.Transfer(At(501)))).ShouldBe(202);

        Assert.StartsWith(
            "More than 500 messages tell of Encounter/",
            more.At("statusReason", "text"),
            StringComparison.Ordinal
        );
    }
}
