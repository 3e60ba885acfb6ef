using System.Collections.Immutable;
using System.Globalization;
using System.Text;
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
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Tasks;
using MediatR;

namespace CareCoordination.Application.Views;

/// <summary>Begins the job: what can be wrong with a request is said before there is one.</summary>
internal sealed class ExportViewsHandler(
    CareSession session,
    ReadGate gate,
    AccessPolicy policy,
    ViewReads views,
    CommandRunner runner,
    ExportOptions options,
    JobSignal signal
) : IRequestHandler<ExportViews, FhirResponse>
{
    private const int BusySeconds = 60;

    public async Task<FhirResponse> Handle(ExportViews export, CancellationToken cancellationToken)
    {
        // What is written from here on is not in the files.
        var point = await gate.PointAsync(cancellationToken);
        if (!(await ViewsAsync(export, cancellationToken)).TryGet(out var found, out var refusal))
            return refusal;
        var patients = ImmutableArray<string>.Empty;
        if (!export.Filter.Patients.IsEmpty || !export.Filter.Groups.IsEmpty)
        {
            if (!(await views.MembersAsync(export.Filter, cancellationToken)).TryGet(out var members, out refusal))
                return refusal;
            patients = [.. members.Select(m => m.Id)];
        }

        var plan = new ViewExportPlan(
            FileTicket.For(session.Caller),
            found,
            export.Format.Code,
            export.HasHeader,
            point.Sequence
        )
        {
            Operation = export.Name,
            Patients = export.Filter.Patients.IsEmpty && export.Filter.Groups.IsEmpty ? null : patients,
            Since = export.Filter.Since,
            TrackedAs = export.TrackedAs,
        };
        var result = await session.WriteInTurnAsync(token => StartAsync(plan, token), cancellationToken);
        if (!result.TryGet(out var written, out var answer))
            return answer;
        signal.Set();
        return AsyncStatus.Accepted(written.Writes.Decisions[0].Decision.Answer);
    }

    /// <summary>The views with names of their own; 403 where whoever asks may see nothing of the type of one.</summary>
    private async ValueTask<Result<ImmutableArray<ExportedView>>> ViewsAsync(
        ExportViews export,
        CancellationToken cancellationToken
    )
    {
        var rights = policy.Of(session.Caller with { IsExporting = true });
        var found = ImmutableArray.CreateBuilder<ExportedView>();
        foreach (var (name, subject) in export.Subjects)
        {
            if (
                !(await views.ViewAsync(subject, export.BaseUrl, cancellationToken)).TryGet(
                    out var view,
                    out var failure
                )
            )
                return failure;
            if (rights.WhyNothing(view.Plan.Type.Name, ScopeRights.Search) is { } hidden)
                return hidden;
            var called = name ?? view.Plan.View.Name ?? $"view_{found.Count + 1}";
            if (!called.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') || called.Length > 100)
                return Failure.Invalid(
                    IssueCode.Value,
                    "The name of a view's files has letters, digits, underscores and hyphens only.",
                    "Parameters.parameter"
                );
            if (found.Any(v => v.Name.Equals(called, StringComparison.OrdinalIgnoreCase)))
                return Failure.Invalid(
                    IssueCode.Duplicate,
                    $"Two views have the name '{called}': give one of them another by view.name.",
                    "Parameters.parameter"
                );
            found.Add(new ExportedView(called, Encoding.UTF8.GetString(view.Utf8Json.Span)));
        }

        return found.ToImmutable();
    }

    private async ValueTask<WriteDecision> StartAsync(ViewExportPlan plan, CancellationToken cancellationToken)
    {
        var running = await session.Reads.RunningJobsAsync(ViewExportPlan.Kind, cancellationToken);
        if (running.Length >= options.MaxRunning)
            return FhirResponse.Of(
                Failure.From(
                    429,
                    IssueCode.Throttled,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{running.Length} exports of views go on, and no more at once (Exports:MaxRunning). Ask again in a minute, or give one up by DELETE of its status."
                    )
                )
            ) with
            {
                RetryAfterSeconds = BusySeconds,
            };
        var by = session.Caller.Person is { } person ? new Agent(person.ToString()) : ServerAgent.Unknown;
        var decision = JobTask.Start(
            new JobOrder(ViewExportPlan.Kind, plan.Views.Length, plan.ToUtf8Json()),
            $"Export of the views {string.Join(", ", plan.Views.Select(v => v.Name))}",
            by,
            ServerAgent.Unknown.Reference,
            runner.Now(),
            runner.NewId()
        );
        return WriteSet.Of(new RecordedDecision(decision, "operation", by, Reason: null));
    }
}
