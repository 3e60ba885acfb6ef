using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Server.Tests.Kit;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Resources;
using Microsoft.Extensions.DependencyInjection;

namespace CareCoordination.Server.Tests.Jobs;

/// <summary>Begins jobs of kinds that only tests have.</summary>
internal static class JobKit
{
    /// <summary>The address of the job's status.</summary>
    public static async Task<string> BeginAsync(TestServer server, string kind, int steps)
    {
        var id = Guid.NewGuid().ToString();
        var task = new TaskDraft(id)
        {
            Edit =
            {
                Status = TaskStatusCodes.InProgress,
                Intent = TaskIntentCodes.Order,
                Code = { Text = kind },
            },
        };
        var decision = new Decision(task.Key, [new ResourceWrite(task.Key, 0, task.ToUtf8Json())])
        {
            Activity = kind,
            Begins = new JobOrder(kind, steps, Encoding.UTF8.GetBytes(kind)),
        };
        await using var open = server.Services.GetRequiredService<CareSessions>().Open(Caller.Timer);
        var writes = WriteSet.Of(new RecordedDecision(decision, "operation", ServerAgent.Unknown, Reason: null));
        var result = await open.Session.WriteAsync(_ => ValueTask.FromResult<WriteDecision>(writes), default);
        Assert.True(result.TryGet(out _, out var answer), $"{answer?.Status}");
        server.Services.GetRequiredService<JobSignal>().Set();
        return $"Task/{id}/$async-status";
    }
}

/// <summary>What the steps of a kind do, and which were done.</summary>
internal sealed class Work
{
    private readonly ConcurrentQueue<int> _steps = new();

    public IReadOnlyList<int> Steps => [.. _steps];

    public SemaphoreSlim Gate { get; } = new(0);

    public Func<int, Task> BeforeAsync { get; set; } = _ => Task.CompletedTask;

    /// <summary>What a step writes.</summary>
    public Func<Snapshot, int, Decision?> Decide { get; set; } = (_, _) => null;

    public void Did(int place) => _steps.Enqueue(place);
}

/// <summary>Writes nothing but what it did into its report.</summary>
internal sealed class Listed(string code, string unit, Work work) : JobKind(code, unit)
{
    public override Agent By(Job job) => ServerAgent.Unknown;

    public override async Task<StepResult> StepAsync(
        Job job,
        Snapshot task,
        int place,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        await work.BeforeAsync(place);
        if (work.Decide(task, place) is { } decision)
            return new StepResult(decision, ReadOnlyMemory<byte>.Empty);
        work.Did(place);
        return new StepResult(null, Encoding.UTF8.GetBytes($"{Encoding.UTF8.GetString(job.Arguments.Span)} {place}"));
    }

    public override ReadOnlyMemory<byte> Report(ResourceKey task, ImmutableArray<JobStep> steps)
    {
        var report = new ParametersEditor();
        foreach (var step in steps)
            report.Parameter.Add(new() { Name = "result", ValueString = Encoding.UTF8.GetString(step.Result.Span) });
        return report.ToUtf8Json();
    }
}
