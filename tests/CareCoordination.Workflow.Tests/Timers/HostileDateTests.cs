using System.Collections.Immutable;
using CareCoordination.Fhir.Json;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Partners;
using CareCoordination.Workflow.Rules;
using CareCoordination.Workflow.Tests.Referrals;
using CareCoordination.Workflow.Timers;

namespace CareCoordination.Workflow.Tests.Timers;

/// <summary>Whatever dates a stored resource has, its timer is set or is not, and fires or does not: it never stops those of others.</summary>
public sealed class HostileDateTests
{
    private static readonly ImmutableArray<CareRules> Rules =
    [
        CareRules.Defaults,
        new(DateOnly.MinValue)
        {
            Lateness = [new("late", int.MaxValue, ToLead: true), new("soon", 36_525, ToLead: false)],
            Referrals = new()
            {
                StalledAfterDays = int.MaxValue,
                LeadAfterStalledDays = int.MaxValue,
                LeadAfterNoAnswer = int.MaxValue,
                CancelWithin = int.MaxValue,
                WorkWithin = int.MaxValue,
            },
        },
    ];

    [Fact]
    public void Every_task_has_a_timer_or_none()
    {
        var fired = 0;
        foreach (var date in Hostile.Dates)
        {
            foreach (var status in new[] { "requested", "received", "in-progress", "on-hold", "completed" })
            {
                fired += Ask(Given.Task("t", status, $"'restriction':{{'period':{{'end':'{date}'}}}}"));
                foreach (var profile in ReferralProfile.All)
                {
                    var task = Replaced(Referred.Task(profile, status), date);
                    fired += Ask(task);
                    fired += Ask(
                        Replaced(
                            Referred.Task(profile, "in-progress", Referred.Business("5.2")),
                            date,
                            CancelRequested(date)
                        )
                    );
                }
            }
        }

        Assert.True(fired > 100, $"{fired}");
    }

    [Fact]
    public void Every_request_that_is_called_off_has_a_timer_or_none()
    {
        foreach (var date in Hostile.Dates.Where(d => d.Contains('T')))
        {
            var request = Given.Resource(
                "ServiceRequest",
                "sr",
                $"'status':'active','intent':'order','subject':{{'reference':'Patient/p'}},'extension':[{CancelRequested(date)}]"
            );
            Ask(request);
        }
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("9000-01-01T00:00:00Z")]
    public void A_date_that_means_never_sets_no_timer(string date)
    {
        foreach (
            var task in (Snapshot[])
                [
                    Given.Task("t", "requested", $"'restriction':{{'period':{{'end':'{date}'}}}}"),
                    Replaced(Referred.Task(ReferralProfile.R4), date),
                    Replaced(Referred.Task(ReferralProfile.R4, "in-progress"), date),
                ]
        )
            Assert.Null(NextAt(task, CareRules.Defaults, TimeZoneInfo.Utc));
    }

    private static string CancelRequested(string date) =>
        $"{{'url':'https://carecoordination.example/fhir/StructureDefinition/cancel-requested','valueDateTime':'{date}'}}";

    private static Snapshot Replaced(Snapshot task, string date, string? extension = null)
    {
        var json = System
            .Text.Encoding.UTF8.GetString(task.Utf8Json.Span)
            .Replace("2026-11-20T15:00:00Z", date, StringComparison.Ordinal)
            .Replace("2026-11-30T23:59:59Z", date, StringComparison.Ordinal);
        if (extension is not null)
            json = json.Replace(
                "\"extension\":[",
                "\"extension\":[" + extension.Replace('\'', '"') + ",",
                StringComparison.Ordinal
            );
        return task with { Utf8Json = System.Text.Encoding.UTF8.GetBytes(json) };
    }

    private static DateTimeOffset? NextAt(Snapshot resource, CareRules rules, TimeZoneInfo zone) =>
        TimerRules.NextAt(
            resource.Key.Type,
            ResourceDocument.Parse(resource.Utf8Json).Value,
            [new CarePolicy(BusinessCalendar.UnitedStates(zone), [rules])]
        );

    /// <summary>How often one of the rules had something to do.</summary>
    private static int Ask(Snapshot resource)
    {
        var fired = 0;
        foreach (var rules in Rules)
        {
            foreach (var zone in Hostile.Zones.Take(3))
            {
                Assert.True(NextAt(resource, rules, zone) is null or { Year: < 9000 });
                var policy = new CarePolicy(BusinessCalendar.UnitedStates(zone), [rules]);
                foreach (var now in (DateTimeOffset[])[Given.Now, DateTimeOffset.MaxValue, DateTimeOffset.MinValue])
                {
                    foreach (var rule in TimerRules.For(resource.Key.Type))
                    {
                        var timer = new TimerContext(policy, Given.Anyone, now, Given.Ids())
                        {
                            Needed = [Referred.Request()],
                        };
                        if (rule.Fire(resource, timer) is { } decided)
                        {
                            Assert.True(decided.IsSuccess);
                            fired++;
                        }
                    }
                }
            }
        }

        return fired;
    }
}
