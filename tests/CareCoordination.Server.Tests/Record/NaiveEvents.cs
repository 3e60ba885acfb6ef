using System.Text.Json;

namespace CareCoordination.Server.Tests.Record;

/// <summary>Changes of statuses, told from one version after the other.</summary>
internal sealed class NaiveEvents(ToldRecord record, NaiveDays days)
{
    public IEnumerable<string> Tasks()
    {
        foreach (var history in record.Histories("Task"))
        {
            string? status = null;
            string? business = null;
            foreach (var version in history)
            {
                var task = version.Body ?? default;
                var (toStatus, toBusiness) = (StatusOf(version, "status"), task.Code("businessStatus"));
                if (version.Number == 1 || status != toStatus || business != toBusiness)
                    yield return TableRows.Of(
                        ("task_id", version.Id),
                        ("patient_id", task.At("for").Key("Patient")),
                        ("version", version.Number),
                        ("happened_at", version.At),
                        ("happened_day", days.Of(version.At)),
                        ("from_status", status),
                        ("to_status", toStatus),
                        ("from_business_status", business),
                        ("business_status", toBusiness),
                        ("status_reason", task.Code("statusReason")),
                        ("owner", task.Text("owner", "reference")),
                        ("focus_sr_id", task.At("focus").Key("ServiceRequest"))
                    );
                (status, business) = (task.Text("status"), toBusiness);
            }
        }
    }

    public IEnumerable<string> Goals()
    {
        foreach (var history in record.Histories("Goal"))
        {
            string? status = null;
            string? achievement = null;
            foreach (var version in history)
            {
                var goal = version.Body ?? default;
                var (toStatus, reached) = (StatusOf(version, "lifecycleStatus"), goal.Code("achievementStatus"));
                if (version.Number == 1 || status != toStatus || achievement != reached)
                    yield return TableRows.Of(
                        ("goal_id", version.Id),
                        ("patient_id", goal.At("subject").Key("Patient")),
                        ("version", version.Number),
                        ("happened_at", version.At),
                        ("happened_day", days.Of(version.At)),
                        ("from_status", status),
                        ("to_status", toStatus),
                        ("from_achievement", achievement),
                        ("achievement", reached)
                    );
                (status, achievement) = (goal.Text("lifecycleStatus"), reached);
            }
        }
    }

    public IEnumerable<string> Plans()
    {
        foreach (var history in record.Histories("CarePlan"))
        {
            string? status = null;
            foreach (var version in history)
            {
                var plan = version.Body ?? default;
                if (version.Number == 1 || status != StatusOf(version, "status"))
                    yield return TableRows.Of(
                        ("plan_id", version.Id),
                        ("patient_id", plan.At("subject").Key("Patient")),
                        ("version", version.Number),
                        ("happened_at", version.At),
                        ("happened_day", days.Of(version.At)),
                        ("from_status", status),
                        ("to_status", StatusOf(version, "status")),
                        ("goals", version.Body is null ? null : plan.Count("goal")),
                        ("activities", version.Body is null ? null : plan.Count("activity"))
                    );
                status = plan.Text("status");
            }
        }
    }

    private static string? StatusOf(ToldVersion version, string name) =>
        version.Body is { } body ? body.Text(name) : "deleted";
}
