using CareCoordination.Application.Answers;
using CareCoordination.Application.Operations;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Rules;
using MediatR;

namespace CareCoordination.Application.Caseload;

/// <summary>Somebody does the work of a role while the person in it is away.</summary>
/// <param name="Cover">Who covers.</param>
/// <param name="Start">Null: from now.</param>
/// <param name="End">Until when: a coverage ends by itself.</param>
public sealed record CoverRole(CommandCall Call, string? Cover, FhirDateTime? Start, FhirDateTime? End) : Command(Call)
{
    public static readonly Operation Operation = new(
        ResourceTypes.PractitionerRole,
        "coverage",
        "Lets somebody do the work of the role while the person in it is away: they see its patients and tasks, which go on belonging to the role. Coverage that is over is removed with the next.",
        input =>
            input.Command(call =>
            {
                var period = input.All("period").FirstOrDefault().ValuePeriod;
                return new CoverRole(call, input.Reference("cover"), period.Start, period.End);
            })
    )
    {
        Parameters =
        [
            new("cover", ["Reference"], "Who covers: a Practitioner or a PractitionerRole.")
            {
                IsNeededByRule = true,
                Names = Naming.Worker,
            },
            new("period", ["Period"], "From when to when. It has an end.") { IsNeededByRule = true },
            Take.Reason,
            Take.Practitioner,
        ],
    };
}

internal sealed class CoverRoleHandler(CommandRunner runner) : IRequestHandler<CoverRole, FhirResponse>
{
    public Task<FhirResponse> Handle(CoverRole command, CancellationToken cancellationToken) =>
        runner.RunAsync(command, (role, now, policy) => Decide(command, role, now, policy), cancellationToken);

    private static Result<Decision> Decide(CoverRole command, Snapshot role, DateTimeOffset now, CarePolicy policy)
    {
        var view = PractitionerRoleView.From(ResourceDocument.Parse(role.Utf8Json).Value);
        if (!MayBeCovered(command.Call.By, role, view))
            return Failure.From(
                403,
                IssueCode.Forbidden,
                "Cover for a role is arranged by whoever is in it, or by a lead of its organisation."
            );
        if (command.Cover is null)
            return Wrong(IssueCode.Required, "Somebody covers: say who in 'cover'.");
        if (CareDate.Of(command.End) is not { } end)
            return Wrong(IssueCode.Required, "A coverage has an end: say 'period.end'.");
        if (policy.Calendar.EndOf(end) <= now)
            return Wrong(IssueCode.Value, "The coverage would be over already: 'period.end' has passed.");
        if (CareDate.Of(command.Start) is { } start && policy.Calendar.StartOf(start) > policy.Calendar.EndOf(end))
            return Wrong(IssueCode.Value, "The coverage would end before it begins.");
        var edit = new PractitionerRoleEditor(view);
        edit.Extension.RemoveAll(old => old.Url == CareExtensions.Coverage && IsOver(old, now, policy));
        edit.Extension.Add(
            new ExtensionEditor
            {
                Url = CareExtensions.Coverage,
                Extension =
                {
                    new()
                    {
                        Url = CareExtensions.CoverageBy,
                        ValueReference = new() { Reference = command.Cover },
                    },
                    new()
                    {
                        Url = CareExtensions.CoveragePeriod,
                        ValuePeriod = new() { Start = command.Start ?? now, End = command.End },
                    },
                },
            }
        );
        return new Decision(role.Key, [new ResourceWrite(role.Key, role.Version, edit.ToUtf8Json())])
        {
            Activity = command.Call.Name,
        };
    }

    /// <summary>Who covers sees the patients of the role: nobody takes that, it is given.</summary>
    private static bool MayBeCovered(Agent by, Snapshot role, PractitionerRoleView view) =>
        by.IsUnchecked || by.Is(role.Key.ToString()) || (by.IsLead && by.Is(view.Organization.Reference));

    private static bool IsOver(ExtensionEditor coverage, DateTimeOffset now, CarePolicy policy) =>
        coverage.Extension.Any(part =>
            CareDate.Of(part.ValuePeriod?.End) is { } end && policy.Calendar.EndOf(end) <= now
        );

    private static Failure Wrong(IssueCode code, string sentence) =>
        Failure.Unprocessable(code, sentence, "Parameters.parameter");
}
