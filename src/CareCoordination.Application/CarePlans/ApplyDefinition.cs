using System.Collections.Immutable;
using CareCoordination.Application.Answers;
using CareCoordination.Application.Interactions;
using CareCoordination.Application.Operations;
using CareCoordination.Application.Reads;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Apply;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using MediatR;

namespace CareCoordination.Application.CarePlans;

/// <summary>What <c>$apply</c> is asked besides which definition.</summary>
public sealed record ApplyArguments(string Subject, WorkBudget Budget)
{
    public string? Encounter { get; init; }

    public string? Practitioner { get; init; }

    public string? Organization { get; init; }

    public string? CareManager { get; init; }

    public string? ParentPlan { get; init; }

    public CareDate? Start { get; init; }

    /// <summary>userType, setting and the like, for expressions, by the name of their parameter.</summary>
    public ImmutableDictionary<string, Element> Concepts { get; init; } = ImmutableDictionary<string, Element>.Empty;

    public bool Persist { get; init; } = true;

    public bool Flatten { get; init; } = true;
}

/// <summary>
/// Makes a plan, or one activity, for a subject. https://hl7.org/fhir/R4/plandefinition-operation-apply.html,
/// https://hl7.org/fhir/R4/activitydefinition-operation-apply.html
/// </summary>
/// <param name="Definition">Sent along; null where it is stored here.</param>
/// <param name="Canonical">Of the definition, where the operation is asked of the type; null where it is sent or the URL names it.</param>
public sealed record ApplyDefinition(
    CommandCall Call,
    ResourceDocument? Definition,
    string? Canonical,
    ApplyArguments Arguments
) : Command(Call)
{
    /// <summary>What R4 has of the one who asks and of where it is; a definition may ask for it.</summary>
    private static readonly string[] Concepts =
    [
        "userType",
        "userLanguage",
        "userTaskContext",
        "setting",
        "settingContext",
    ];

    public static readonly Operation OfPlan = Of(
        ResourceTypes.PlanDefinition,
        "planDefinition",
        ResourceTypes.CarePlan,
        "Makes a draft CarePlan for a subject: goals, tasks and requests by the actions that apply, due by their timing."
    );

    public static readonly Operation OfActivity = Of(
        ResourceTypes.ActivityDefinition,
        "activityDefinition",
        "Resource",
        "Makes the draft request or task that the definition describes, for a subject."
    );

    private static Operation Of(string type, string definition, string answer, string description) =>
        new(type, "apply", description, input => Read(input, definition))
        {
            IsOnType = true,
            Answer = answer,
            StandardDefinition = $"http://hl7.org/fhir/OperationDefinition/{type}-apply",
            Parameters =
            [
                new(
                    definition,
                    ["Resource", "canonical", "uri", "string"],
                    "The definition or its canonical, where the URL names none."
                ),
                new(
                    "subject",
                    ["string", "Reference"],
                    "For whom, as Patient/1. One in each request: R4 answers with one plan, and a batch takes several requests."
                )
                {
                    IsRequired = true,
                    IsRepeatable = true,
                },
                new("encounter", ["string", "Reference"], "The encounter in which it is applied.")
                {
                    Names = Naming.Resource,
                },
                new("practitioner", ["string", "Reference"], "Who applies it.") { Names = Naming.Worker },
                new("organization", ["string", "Reference"], "The organisation that does the work.")
                {
                    Names = Naming.Worker,
                },
                .. Concepts.Select(name => new OperationParameter(
                    name,
                    ["CodeableConcept"],
                    $"For expressions of the definition, as %{name}."
                )),
                new("persist", ["boolean"], "False: nothing is stored, and what is made is contained in the answer."),
                new("flatten", ["boolean"], "False: the plan has one RequestGroup as its activity, as R4 has it."),
                new("startDate", Take.Time, "From when it runs; today where it is left out."),
                new("careManager", ["Reference", "string"], "Owns the tasks that name no other role.")
                {
                    Names = Naming.Worker,
                },
                new("parentPlan", ["Reference", "string"], "The longitudinal plan that the new one is part of.")
                {
                    Names = Naming.Resource,
                },
            ],
        };

    private static Result<FhirInteraction> Read(OperationInput input, string name)
    {
        var sent = input.All(name).Select(OperationInput.ResourceOf).FirstOrDefault();
        var canonical = sent is null ? input.Text(name) : null;
        if (input.Key.Id.Length == 0 && sent is null && canonical is null)
            return Failure.Invalid(
                IssueCode.Required,
                $"$apply of the type needs the parameter '{name}': the definition, or its canonical.",
                "Parameters.parameter"
            );
        if (input.All("subject").Skip(1).Any())
            return Failure.Invalid(
                IssueCode.NotSupported,
                "$apply answers with one plan: send one 'subject', and for several a batch Bundle with a request for each.",
                "Parameters.parameter"
            );
        var arguments = new ApplyArguments(input.Reference("subject")!, input.Budget)
        {
            Encounter = input.Reference("encounter"),
            Practitioner = input.Reference("practitioner"),
            Organization = input.Reference("organization"),
            CareManager = input.Reference("careManager"),
            ParentPlan = input.Reference("parentPlan"),
            Start = input.Date("startDate"),
            Concepts = Concepts
                .Where(input.Has)
                .ToImmutableDictionary(n => n, n => input.All(n).First().ValueCodeableConcept.Element),
            Persist = input.Flag("persist") ?? true,
            Flatten = input.Flag("flatten") ?? true,
        };
        return input.Command(call => new ApplyDefinition(call, sent, canonical, arguments));
    }
}

internal sealed class ApplyDefinitionHandler(
    CommandRunner runner,
    CareReads reads,
    DefinitionReads named,
    ApplySurroundings surroundings,
    CarePolicies policies
) : IRequestHandler<ApplyDefinition, FhirResponse>
{
    public async Task<FhirResponse> Handle(ApplyDefinition command, CancellationToken cancellationToken)
    {
        if (!command.Arguments.Persist)
            return await ShowAsync(command, cancellationToken);
        if (command.Call.Key.Id.Length > 0)
            return await runner.RunAsync(
                command,
                async (definition, now, _) =>
                    Decided(await ApplyAsync(command, Parse(definition), now, cancellationToken)),
                cancellationToken
            );
        return await runner.RunOnTypeAsync(
            command,
            async now => Decided(await FindAndApplyAsync(command, now, cancellationToken)),
            cancellationToken
        );
    }

    private async Task<FhirResponse> ShowAsync(ApplyDefinition command, CancellationToken cancellationToken)
    {
        var applied = await FindAndApplyAsync(command, runner.Now(), cancellationToken);
        return applied.TryGet(out var made, out var failure)
            ? new FhirResponse
            {
                Status = 200,
                Content = new BytesContent(made.Answer),
                Issues = made.Decision.Notes,
            }
            : failure;
    }

    private async Task<Result<Applied>> FindAndApplyAsync(
        ApplyDefinition command,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var key = command.Call.Key;
        var definition =
            command.Definition
            ?? (
                key.Id.Length > 0
                    ? await reads.ReadAsync(key.ToString(), cancellationToken) is { } stored
                        ? Parse(stored)
                        : null
                    : await named.FindAsync(command.Canonical!, cancellationToken)
            );
        return definition is null
            ? Failure.NotFound(
                key.Id.Length > 0 ? $"There is no {key}." : "There is no definition with this canonical."
            )
            : await ApplyAsync(command, definition, now, cancellationToken);
    }

    private async Task<Result<Applied>> ApplyAsync(
        ApplyDefinition command,
        ResourceDocument definition,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var arguments = command.Arguments;
        if (await reads.NamedAsync(arguments.Subject, cancellationToken) is not { } subject)
            return Failure.Unprocessable(
                IssueCode.NotFound,
                "The subject is not here: create it first, and name it as in Patient/1.",
                "Parameters.parameter"
            );
        var definitions = await named.NamedByAsync(definition, cancellationToken);
        // Whoever does the work, as far as it is known, has the calendar.
        var policy = await policies.OfAsync(
            cancellationToken,
            arguments.Organization,
            arguments.CareManager,
            arguments.Practitioner,
            arguments.Subject
        );
        var request = new ApplyRequest(
            subject.Key,
            Parse(subject),
            command.Call.By,
            now,
            policy.Calendar.StartOf(arguments.Start ?? now),
            policy.Calendar,
            canonical => definitions.GetValueOrDefault(canonical),
            runner.NewId
        )
        {
            Budget = arguments.Budget,
            Encounter = arguments.Encounter,
            Practitioner = arguments.Practitioner,
            Organization = arguments.Organization,
            CareManager = arguments.CareManager,
            ParentPlan = arguments.ParentPlan,
            Persist = arguments.Persist,
            Flatten = arguments.Flatten,
            Variables = await surroundings.VariablesAsync(arguments, cancellationToken),
            Concepts = arguments.Concepts,
            Owners = await surroundings.OwnersAsync(arguments, now, policy.TimeZone, cancellationToken),
        };
        return command.Call.Key.Type == ResourceTypes.PlanDefinition
            ? DefinitionApplication.Plan(definition, request)
            : DefinitionApplication.Activity(definition, request);
    }

    private static Result<Decision> Decided(Result<Applied> applied) =>
        applied.TryGet(out var made, out var failure) ? made.Decision : failure;

    private static ResourceDocument Parse(Snapshot snapshot) => ResourceDocument.Parse(snapshot.Utf8Json).Value;
}
