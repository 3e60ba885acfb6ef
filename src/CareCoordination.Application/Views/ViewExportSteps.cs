using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Diagnostics;
using CareCoordination.Application.Exports.Files;
using CareCoordination.Application.Jobs;
using CareCoordination.Application.Requests;
using CareCoordination.Application.Sessions;
using CareCoordination.Application.Settings;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Storage;
using CareCoordination.Views.Files;
using CareCoordination.Views.Plans;
using CareCoordination.Workflow.Decisions;

namespace CareCoordination.Application.Views;

/// <summary>
/// The job of <c>$sql-export</c>. A step is a view.
/// </summary>
internal sealed class ViewExportSteps(
    CareSession session,
    AuditTrail trail,
    AccessPolicy policy,
    FhirDefinitions definitions,
    JobFiles files,
    ExportOptions options,
    TimeProvider time,
    ILogger<ViewExportSteps> log
) : FileJob(ViewExportPlan.Kind, "views", session, files, log)
{
    private const int RowsOfPage = 2_000;
    private const long FlushAfterBytes = 1 << 20;

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override bool IsDone(JobStep step) => ViewExportPlace.Of(step.Result).IsDone;

    public override string Progress(Job job, ImmutableArray<JobStep> steps)
    {
        var places = steps.Select(s => ViewExportPlace.Of(s.Result)).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{places.Count(p => p.IsDone)} of {job.Total} views, {places.Sum(p => p.Files.Sum(f => f.Rows))} rows"
        );
    }

    protected override async Task<StepResult> GoOnAsync(
        Job job,
        int place,
        ReadOnlyMemory<byte> from,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var plan = ViewExportPlan.Of(job);
        var next = await WriteAsync(plan, job.Id, place, ViewExportPlace.Of(from), now, cancellationToken);
        return next.TryGet(out var reached, out var failure)
            ? new StepResult(null, reached.ToUtf8Json()) { GoesOnFrom = from }
            : new StepResult(null, from)
            {
                Fails = $"{failure.Issues[0].Diagnostics} What was written is removed; change the view, and ask again.",
            };
    }

    /// <summary>One file: until the view is at its end, or the file is as large as files get.</summary>
    private async Task<Result<ViewExportPlace>> WriteAsync(
        ViewExportPlan plan,
        string job,
        int place,
        ViewExportPlace reached,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var exported = plan.Views[place];
        var format = definitions.RowFormats.First(f => f.Code == plan.Format);
        var view = ResourceDocument.Parse(Encoding.UTF8.GetBytes(exported.Json)).Value;
        if (!ViewPlan.Compile(view, definitions.Schema).TryGet(out var compiled, out var failure))
            return failure;
        var caller = plan.Ticket.AskedBy.ToCaller();
        var file = format.New(new(compiled.Columns, HasHeader: plan.HasHeader));
        await using var draft = Files.New(
            job,
            string.Create(CultureInfo.InvariantCulture, $"{exported.Name}-{reached.Files.Length}"),
            $".{format.Code}"
        );
        var query = Query(plan, compiled, policy.Of(caller with { IsExporting = true }), now) with
        {
            After = reached.After,
        };
        var resources = 0;
        while (true)
        {
            using var page = await Session.Reads.SnapshotAsync(query, cancellationToken);
            await trail.DiscloseAsync(
                caller,
                new ViewsExported(plan.Operation, exported.Name),
                PatientsOf(page, compiled)
            );
            if (Write(page, compiled, file, now, cancellationToken) is { } unsuited)
                return unsuited;
            if (file.Gathered >= FlushAfterBytes)
                await file.FlushAsync(draft.Stream, cancellationToken);
            resources += page.Rows.Count;
            query = query with { After = page.Next };
            if (page.Next is null || resources >= options.FileResources || draft.Stream.Position >= options.FileBytes)
                break;
        }

        await file.EndAsync(draft.Stream, cancellationToken);
        await draft.PublishAsync(cancellationToken);
        return new ViewExportPlace(
            query.After is null,
            query.After,
            reached.Files.Add(new ViewExportFile(draft.Name, file.Rows))
        );
    }

    private Failure? Write(
        SnapshotPage page,
        ViewPlan plan,
        RowFile file,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var run = new ViewRun(plan, file, new WorkBudget(definitions.Limits.Work, cancellationToken)) { Now = now };
        foreach (var row in page.Rows)
        {
            if (row.IsDeleted)
                continue;
            if (!ResourceDocument.Parse(page.BytesOf(row)).TryGet(out var document, out var failure))
                return failure;
            if (run.Add(document) is { } unsuited)
                return unsuited;
        }

        return null;
    }

    private SnapshotQuery Query(ViewExportPlan plan, ViewPlan view, AccessRights rights, DateTimeOffset now) =>
        new(view.Type.Name, plan.AsOf, RowsOfPage)
        {
            Since = plan.Since,
            WithIds = true,
            OnlyOfPatients = plan.Patients is not null,
            Patients = plan.Patients?.Select(id => new ResourceKey(ResourceTypes.Patient, id)).ToImmutableArray(),
            Visibility = rights.Visible(ScopeRights.Search)?.At(now),
        };

    private static ImmutableArray<string> PatientsOf(SnapshotPage page, ViewPlan plan)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        PatientMentions.Find(page.Text.Span, ids);
        if (plan.Type.Name == ResourceTypes.Patient)
            ids.UnionWith(page.Rows.Where(r => !r.IsDeleted).Select(r => r.Id!));
        return [.. ids];
    }

    public override FhirResponse Answer(FinishedJob finished)
    {
        var plan = ViewExportPlan.Of(finished.Job);
        var ended = finished.Job.EndedAt ?? time.GetUtcNow();
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Parameters"u8);
            json.WriteStartArray("parameter"u8);
            Parameter(json, "exportId", "valueString", finished.Job.Id);
            if (plan.TrackedAs is { } tracked)
                Parameter(json, "clientTrackingId", "valueString", tracked);
            Parameter(json, "status", "valueCode", "completed");
            Parameter(json, "_format", "valueCode", plan.Format);
            Parameter(json, "exportStartTime", "valueInstant", Instant(finished.Job.CreatedAt));
            Parameter(json, "exportEndTime", "valueInstant", Instant(ended));
            for (var i = 0; i < plan.Views.Length; i++)
                WriteOutput(json, finished, plan, i, ended + options.Keep);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return FhirResponse.Of(new BytesContent(buffer.WrittenMemory)) with
        {
            Expires = ended + options.Keep,
        };
    }

    private static void WriteOutput(
        Utf8JsonWriter json,
        FinishedJob finished,
        ViewExportPlan plan,
        int place,
        DateTimeOffset expires
    )
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "output"u8);
        json.WriteStartArray("part"u8);
        Parameter(json, "name", "valueString", plan.Views[place].Name);
        foreach (var step in finished.Steps.Where(s => s.Place == place))
        {
            foreach (var file in ViewExportPlace.Of(step.Result).Files)
                Parameter(
                    json,
                    "location",
                    "valueUri",
                    FileAddresses.Sign(finished.BaseUrl, finished.Job.Id, file.Name, plan.Ticket, expires)
                );
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Parameter(Utf8JsonWriter json, string name, string property, string value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString(property, value);
        json.WriteEndObject();
    }

    private static string Instant(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Rows of a view are in a file: for the audit trail.</summary>
internal sealed record ViewsExported(string Operation, string View) : FhirInteraction($"${Operation}", null, null)
{
    public override string SearchedBy => $"view={View}";
}
