using System.Text.Json.Nodes;
using static CareCoordination.SampleData.Vocabulary;

namespace CareCoordination.SampleData;

/// <summary>The care team, one care plan per programme with its goals, and the tasks that carry it out.</summary>
internal static class CarePlanning
{
    public static void Write(PatientRecord record)
    {
        var team = AddCareTeam(record);
        for (var i = 0; i < record.Programmes.Count; i++)
            AddPlan(
                record,
                record.Programmes[i],
                record.Conditions[i],
                team,
                isPast: i > 0 && record.Random.Chance(40)
            );
    }

    private static string AddCareTeam(PatientRecord record) =>
        record.Add(
            "CareTeam",
            new JsonObject
            {
                ["status"] = "active",
                ["name"] = $"Care team at {record.Site.Clinic.Name}",
                ["subject"] = record.ToPatient(),
                ["participant"] = Json.Array(
                    Participant(PatientRole, record.ToPatient()),
                    Participant(CareManager, record.To(record.Site.CareManager)),
                    Participant(PrimaryCarePhysician, record.To(record.Site.Physician)),
                    Participant(SocialWorker, record.To(record.Site.SocialWorker))
                ),
                ["managingOrganization"] = Json.Array(record.To(record.Site.Clinic)),
            }
        );

    private static JsonObject Participant(Concept role, JsonObject member) =>
        new() { ["role"] = Json.Array(role.ToJson()), ["member"] = member };

    private static void AddPlan(PatientRecord record, Programme programme, string condition, string team, bool isPast)
    {
        var start = record.AsOf.AddDays(isPast ? -record.Random.Between(400, 900) : -record.Random.Between(10, 180));
        var end = isPast ? start.AddDays(180) : (DateOnly?)null;
        var goal = AddGoal(record, programme, condition, start, isPast);
        var plan = record.Add(
            "CarePlan",
            new JsonObject
            {
                ["text"] = Json.Narrative($"{programme.Title}. Goal: {programme.GoalText}."),
                ["status"] = isPast ? "completed" : "active",
                ["intent"] = "plan",
                ["category"] = Json.Array(AssessPlan.Bare(), LongitudinalPlan.ToJson()),
                ["title"] = programme.Title,
                ["subject"] = record.ToPatient(),
                ["period"] = Json.Period(start.Iso(), end?.Iso()),
                ["created"] = start.At(9),
                ["author"] = record.To(record.Site.CareManager),
                ["careTeam"] = Json.Array(record.To("CareTeam", team)),
                ["addresses"] = Json.Array(record.To("Condition", condition)),
                ["goal"] = Json.Array(record.To("Goal", goal)),
            }
        );
        var planResource = record.Resources[^1];
        var tasks = programme.Activities.Select(activity => AddTask(record, activity, plan, start, isPast)).ToList();
        planResource["activity"] = Json.Array(
            tasks.Select(task => new JsonObject { ["reference"] = record.To("Task", task) })
        );
    }

    private static string AddGoal(
        PatientRecord record,
        Programme programme,
        string condition,
        DateOnly start,
        bool isPast
    )
    {
        var bound = programme.Followed.Code == OxygenSaturation ? "low" : "high";
        return record.Add(
            "Goal",
            new JsonObject
            {
                ["lifecycleStatus"] = isPast ? "completed" : "active",
                ["achievementStatus"] = isPast
                    ? new Concept(Hl7 + "goal-achievement", "achieved", "Achieved").Bare()
                    : InProgressAchievement.Bare(),
                ["description"] = Json.Text(programme.GoalText),
                ["subject"] = record.ToPatient(),
                ["startDate"] = start.Iso(),
                ["target"] = Json.Array(
                    new JsonObject
                    {
                        ["measure"] = programme.Followed.Code.ToJson(),
                        ["detailRange"] = new JsonObject
                        {
                            [bound] = Json.Quantity(programme.Target, programme.Followed.Unit, programme.Followed.Ucum),
                        },
                        ["dueDate"] = start.AddDays(180).Iso(),
                    }
                ),
                ["addresses"] = Json.Array(record.To("Condition", condition)),
            }
        );
    }

    private static readonly string[] OpenStatuses =
    [
        "requested",
        "requested",
        "accepted",
        "in-progress",
        "on-hold",
        "completed",
    ];

    private static string AddTask(PatientRecord record, string activity, string plan, DateOnly start, bool isPast)
    {
        var due = start.AddDays(record.Random.Between(14, 120));
        return record.Add(
            "Task",
            new JsonObject
            {
                ["basedOn"] = Json.Array(record.To("CarePlan", plan)),
                ["status"] = isPast ? "completed" : record.Random.Pick(OpenStatuses),
                ["intent"] = "plan",
                ["priority"] = record.Random.Chance(15) ? "urgent" : "routine",
                ["code"] = Json.Text(activity),
                ["description"] = activity,
                ["for"] = record.ToPatient(),
                ["authoredOn"] = start.At(9, 15),
                ["lastModified"] = start.At(9, 15),
                ["requester"] = record.To(record.Site.CareManager),
                ["owner"] = record.To(record.Random.Chance(70) ? record.Site.CareManagerRole : record.Site.Nurse),
                ["restriction"] = new JsonObject { ["period"] = Json.Period(start.Iso(), due.Iso()) },
            }
        );
    }
}
