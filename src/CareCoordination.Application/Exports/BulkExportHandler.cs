using System.Collections.Immutable;
using System.Globalization;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Application.Writes;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Storage;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Exports;

/// <summary>Begins the job: what can be wrong with a request is said before there is one.</summary>
internal sealed class BulkExportHandler(
    CareSession session,
    ReadGate gate,
    AccessPolicy policy,
    ExportScopes scopes,
    FhirDefinitions definitions,
    CommandRunner runner,
    ExportOptions options,
    JobSignal signal
) : IRequestHandler<BulkExport, FhirResponse>
{
    private const int BusySeconds = 60;

    public async Task<FhirResponse> Handle(BulkExport export, CancellationToken cancellationToken)
    {
        var caller = session.Caller with { IsExporting = true };
        var rights = policy.Of(caller);
        // Before anything is looked up: what is written from here on is not in the files, and in those of the next export.
        var point = await gate.PointAsync(cancellationToken);
        if (!(await PlanAsync(export, rights, point, cancellationToken)).TryGet(out var plan, out var refusal))
            return refusal;
        var result = await session.WriteInTurnAsync(token => StartAsync(plan, token), cancellationToken);
        if (!result.TryGet(out var written, out var answer))
            return answer;
        signal.Set();
        var accepted = AsyncStatus.Accepted(written.Writes.Decisions[0].Decision.Answer);
        return export.Request.Ignored.IsEmpty ? accepted : accepted with { Content = Warn(export.Request.Ignored) };
    }

    private async Task<Result<ExportPlan>> PlanAsync(
        BulkExport export,
        AccessRights rights,
        SnapshotPoint point,
        CancellationToken cancellationToken
    )
    {
        if (!Types(export.Request, rights).TryGet(out var types, out var failure))
            return failure;
        var plan = new ExportPlan(
            FileTicket.For(session.Caller),
            export.Request,
            await gate.TypesAsync(types, cancellationToken),
            point.Sequence,
            point.LastUpdated.Ticks == 0 ? runner.Now() : point.LastUpdated
        )
        {
            BaseUrl = export.BaseUrl,
        };
        if (export.Request.Level == ExportLevel.Group)
        {
            if (!(await scopes.GroupAsync(export.Key, rights, cancellationToken)).TryGet(out var group, out failure))
                return failure;
            plan = plan with { Group = export.Key.Id, GroupVersion = group.Version };
        }

        return (await scopes.PatientsAsync(plan, rights, cancellationToken)).TryGet(out _, out failure)
            ? plan
            : failure;
    }

    /// <summary>Those that were asked for, or all that the level has; of which whoever asks may see something.</summary>
    private Result<ImmutableArray<string>> Types(ExportRequest request, AccessRights rights)
    {
        var visible = rights.Visible(ScopeRights.Search);
        bool IsSeen(string type) => visible is null || !visible.Of(type).IsNothing;
        if (request.Types.FirstOrDefault(type => !IsSeen(type)) is { } hidden)
            return rights.WhyNot(hidden, ScopeRights.Search);
        if (!request.Types.IsEmpty)
            return request.Types;
        return definitions
            .Schema.Resources.Select(type => type.Name)
            .Where(type =>
                IsSeen(type) && (request.Level == ExportLevel.System || ExportTypes.IsOfPatients(type, definitions))
            )
            .ToImmutableArray();
    }

    private async ValueTask<WriteDecision> StartAsync(ExportPlan plan, CancellationToken cancellationToken)
    {
        var running = await session.Reads.RunningJobsAsync(ExportPlan.Kind, cancellationToken);
        if (running.Length >= options.MaxRunning)
            return Busy(running.Length);
        var by = session.Caller.Person is { } person ? new Agent(person.ToString()) : ServerAgent.Unknown;
        var decision = JobTask.Start(
            new JobOrder(ExportPlan.Kind, plan.Steps, plan.ToUtf8Json()),
            Describe(plan),
            by,
            ServerAgent.Unknown.Reference,
            runner.Now(),
            runner.NewId()
        );
        return WriteSet.Of(new RecordedDecision(decision, "operation", by, Reason: null));
    }

    private static FhirResponse Busy(int running) =>
        FhirResponse.Of(
            Failure.From(
                429,
                IssueCode.Throttled,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{running} exports go on, and no more at once (Exports:MaxRunning). Ask again in a minute, or give one up by DELETE of its status."
                )
            )
        ) with
        {
            RetryAfterSeconds = BusySeconds,
        };

    private static string Describe(ExportPlan plan) =>
        plan.Request.Level switch
        {
            ExportLevel.Group => $"Export of Group/{plan.Group}",
            ExportLevel.Patient => "Export of patients",
            _ => "Export of everything",
        };

    private static BytesContent Warn(ImmutableArray<string> ignored) =>
        new(OperationOutcome.ToUtf8Json(ignored.Select(sentence => Issue.Warning(IssueCode.NotSupported, sentence))));
}
