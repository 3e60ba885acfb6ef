using System.Text.Json.Nodes;
using CareCoordination.PartnerSimulator;

namespace CareCoordination.Load.Soak;

/// <summary>
/// The partner works through referrals and tells of each step by a message: in any order, one of them twice, some with a business
/// status that nobody knows. Every seventh referral is called off here in the same moments.
/// </summary>
internal sealed class SoakAnswers(SoakClient client, SimulatedPartner partner, IReadOnlyList<string?> tasks, int seed)
{
    private const int Calling = 7;
    private const int Renaming = 10;
    private static readonly string[] Steps = ["accept", "start", "complete"];

    public Task TellAsync(int first, int end, CancellationToken cancel) =>
        Parallel.ForEachAsync(
            Enumerable.Range(first, end - first),
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancel },
            async (number, token) =>
            {
                var tells = TellAsync(number, token);
                if (IsCalledOff(number))
                    await client.TrySendAsync(
                        "POST",
                        $"ServiceRequest/soak-{number}/$cancel",
                        """{"resourceType":"Parameters","parameter":[{"name":"reason","valueString":"Not needed any more"}]}""",
                        $"cancel-{number}",
                        token
                    );
                await tells;
            }
        );

    /// <summary>
    /// How many of the Tasks stand as they should: completed, or called off where that came first, and with the one report of the
    /// partner either way.
    /// </summary>
    public async Task<AnswerVerdict> JudgeAsync(int count, CancellationToken cancel)
    {
        var (completed, calledOff, wrong) = (0, 0, 0);
        for (var number = 0; number < count; number++)
        {
            var task = await client.GetAsync($"Task/{tasks[number]}", cancel);
            var reports = (task["output"] as JsonArray)?.Count ?? 0;
            switch ((string?)task["status"])
            {
                case "completed" when reports == 1:
                    completed++;
                    break;
                case "cancelled" when reports == 1 && IsCalledOff(number):
                    calledOff++;
                    break;
                default:
                    wrong++;
                    break;
            }
        }

        return new AnswerVerdict(completed, calledOff, wrong);
    }

    private static bool IsCalledOff(int number) => number % Calling == 0;

    private async Task TellAsync(int number, CancellationToken cancel)
    {
        var random = new Random(seed + number);
        var referral = tasks[number]!;
        var messages = Steps.Select(step => partner.Recipient.MessageOf(partner.Recipient.Do(step, referral))).ToList();
        if (number % Renaming == 0)
            messages.Add(partner.Recipient.MessageOf(partner.Recipient.Change(referral, Rename)));
        messages.Add(messages[random.Next(messages.Count)]);
        var order = messages.ToArray();
        random.Shuffle(order);
        foreach (var message in order)
            await client.SendAsync("POST", "$process-message", message, null, cancel);
    }

    private static void Rename(JsonObject task) => task["businessStatus"] = new JsonObject { ["text"] = "Filed" };
}

/// <param name="Completed">With one report.</param>
/// <param name="CalledOff">In time, with one report that came late.</param>
/// <param name="Wrong">Anything else.</param>
internal sealed record AnswerVerdict(int Completed, int CalledOff, int Wrong);
