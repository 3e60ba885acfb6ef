using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Workflow.Arithmetic;
using CareCoordination.Workflow.Caseload;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Timings;

namespace CareCoordination.Workflow.Apply;

/// <summary>
/// Makes the resource of one action or activity: always a draft. https://hl7.org/fhir/R4/activitydefinition-operation-apply.html
/// </summary>
/// <param name="reference">How resources refer to each other: by key, or within the plan that contains them.</param>
internal sealed class ActivityBuilder(
    ApplyRequest request,
    Expressions expressions,
    Func<ResourceKey, string> reference
)
{
    /// <summary>The type that an activity becomes; 422 <c>activity-kind</c> for those that are not made here.</summary>
    public static Result<string> TypeOf(ActivityDefinitionView activity) =>
        activity.Kind switch
        {
            null or ResourceTypes.Task => ResourceTypes.Task,
            ResourceTypes.ServiceRequest => ResourceTypes.ServiceRequest,
            ResourceTypes.CommunicationRequest => ResourceTypes.CommunicationRequest,
            var other => RuleFailure.Of(
                "activity-kind",
                $"Activities become Task, ServiceRequest or CommunicationRequest; '{other}' is not made here.",
                ActivityDefinitionView.At.Kind
            ),
        };

    /// <summary>The JSON of the resource, its dynamic values set: those of the activity first, then those of the action.</summary>
    public Result<byte[]> Build(ActionNode node, ResourceKey? plan, bool isOption, Func<string, string?> goal)
    {
        ResourceEditor editor = node.Key.Type switch
        {
            ResourceTypes.ServiceRequest => ServiceRequest(node, plan, isOption, goal),
            ResourceTypes.CommunicationRequest => CommunicationRequest(node, plan),
            _ => Task(node, plan, isOption, goal),
        };
        var bytes = editor.ToUtf8Json();
        if (!node.Activity.DynamicValue.Any() && !node.Action.DynamicValue.Any())
            return bytes;
        var json = (JsonObject)JsonNode.Parse(bytes, documentOptions: new() { MaxDepth = DynamicValues.MostLevels })!;
        foreach (var value in node.Activity.DynamicValue)
        {
            if (Set(json, node.Key.Type, value.Path, value.Expression, value.Element.Location) is { } failure)
                return failure;
        }

        foreach (var value in node.Action.DynamicValue)
        {
            if (Set(json, node.Key.Type, value.Path, value.Expression, value.Element.Location) is { } failure)
                return failure;
        }

        var set = System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(Relaxed));
        return ResourceDocument.Parse(set).TryGet(out _, out _)
            ? set
            : RuleFailure.Of("dynamic-path", "With its dynamic values the resource is nested too deep.", node.At);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = DynamicValues.MostLevels,
    };

    private Failure? Set(JsonObject json, string type, string? path, ExpressionView expression, string at) =>
        expressions.Evaluate(expression).TryGet(out var values, out var failure)
            ? DynamicValues.Set(json, R4Definitions.Schema[type], path, values, request.Budget, at)
            : failure;

    private TaskEditor Task(ActionNode node, ResourceKey? plan, bool isOption, Func<string, string?> goal)
    {
        var (action, activity, occasion) = (node.Action, node.Activity, node.Occasion!);
        var task = new TaskEditor
        {
            Id = node.Key.Id,
            InstantiatesCanonical = activity.Exists ? Canonical(activity.Url, activity.Version) : null,
            InstantiatesUri = action.DefinitionUri,
            Status = TaskStatusCodes.Draft,
            Intent =
                isOption ? TaskIntentCodes.Option
                : activity.Intent is { } intent && intent != "directive" ? intent
                : TaskIntentCodes.Order,
            Priority = action.Priority ?? activity.Priority,
            Description =
                action.Description ?? action.Title ?? action.TextEquivalent ?? activity.Title ?? activity.Description,
            For = References.To(request.Subject.ToString()),
            Encounter = { Reference = request.Encounter },
            AuthoredOn = request.Now,
            LastModified = request.Now,
            Requester = { Reference = request.Practitioner ?? request.CareManager ?? request.By.Reference },
            Restriction = { Period = { Start = occasion.Start, End = occasion.Due } },
        };
        if (plan is { } basis)
            task.BasedOn.Add(References.To(reference(basis)));
        if (NearestTask(node.Parent) is { } parent)
            task.PartOf.Add(References.To(reference(parent.Key)));
        if (Code(node) is { } code)
            task.Code = code;
        foreach (var reason in action.Reason.Take(1))
            task.ReasonCode = new(reason);
        if (occasion.Series.Exists)
            MakeSeries(task, occasion, request.Calendar.Zone);
        Pertain(task.Extension, action, goal);
        var (owner, roles) = Owner(node);
        foreach (var role in roles)
            task.PerformerType.Add(new(role));
        task.Owner = new() { Reference = owner };
        return task;
    }

    private ServiceRequestEditor ServiceRequest(
        ActionNode node,
        ResourceKey? plan,
        bool isOption,
        Func<string, string?> goal
    )
    {
        var (action, activity, occasion) = (node.Action, node.Activity, node.Occasion!);
        var service = new ServiceRequestEditor
        {
            Id = node.Key.Id,
            Status = RequestStatusCodes.Draft,
            Intent = isOption ? RequestIntentCodes.Option : activity.Intent ?? RequestIntentCodes.Order,
            Priority = action.Priority ?? activity.Priority,
            DoNotPerform = activity.DoNotPerform,
            Subject = References.To(request.Subject.ToString()),
            Encounter = { Reference = request.Encounter },
            AuthoredOn = request.Now,
            Requester = { Reference = request.Practitioner ?? request.CareManager ?? request.By.Reference },
        };
        if (Canonical(activity.Url, activity.Version) is { } canonical)
            service.InstantiatesCanonical.Add(canonical);
        if (plan is { } basis)
            service.BasedOn.Add(References.To(reference(basis)));
        if (Code(node) is { } code)
            service.Code = code;
        foreach (var site in activity.BodySite)
            service.BodySite.Add(new(site));
        foreach (var reason in action.Reason)
            service.ReasonCode.Add(new(reason));
        if (occasion.Series.Exists)
            service.OccurrenceTiming = new(occasion.Series);
        else if (occasion.Due is { } due)
            service.OccurrencePeriod = new() { Start = occasion.Start, End = due };
        else
            service.OccurrenceDateTime = occasion.Start;
        Pertain(service.Extension, action, goal);
        var (performer, roles) = Owner(node);
        // The care manager sees to it that a service is found; whoever performs it is another.
        if (performer is not null && performer != request.CareManager)
            service.Performer.Add(References.To(performer));
        if (roles.Count > 0)
            service.PerformerType = new(roles[0]);
        return service;
    }

    private ResourceEditor CommunicationRequest(ActionNode node, ResourceKey? plan)
    {
        // The one type of a plan's activities that is made here and has no editor of its own.
        var json = new JsonObject
        {
            ["resourceType"] = ResourceTypes.CommunicationRequest,
            ["id"] = node.Key.Id,
            ["status"] = RequestStatusCodes.Draft,
            ["subject"] = new JsonObject { ["reference"] = request.Subject.ToString() },
            ["authoredOn"] = ((FhirDateTime)request.Now).ToString(),
        };
        if (plan is { } basis)
            json["basedOn"] = new JsonArray(new JsonObject { ["reference"] = reference(basis) });
        if ((node.Action.Priority ?? node.Activity.Priority) is { } priority)
            json["priority"] = priority;
        if ((node.Action.Description ?? node.Action.Title ?? node.Activity.Description) is { } text)
            json["payload"] = new JsonArray(new JsonObject { ["contentString"] = text });
        if (node.Occasion!.Due is { } due)
        {
            json["occurrencePeriod"] = new JsonObject
            {
                ["start"] = ((FhirDateTime)node.Occasion.Start).ToString(),
                ["end"] = ((FhirDateTime)due).ToString(),
            };
        }

        return new ResourceEditor(
            ResourceDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString(Relaxed))).Value
        );
    }

    /// <summary>The first occurrence of a series: its Timing is anchored, so that every later one is found from it.</summary>
    private static void MakeSeries(TaskEditor task, Occasion occasion, TimeZoneInfo zone)
    {
        var timing = new TimingEditor(occasion.Series);
        if (!occasion.Series.Event.Any() && occasion.Series.Repeat.BoundsPeriod.Start is null)
        {
            var end = FhirDuration.Parse(occasion.Series.Repeat.BoundsDuration) is { } length
                ? length.AddTo(occasion.Start, zone)?.Plus(TimeSpan.FromSeconds(-1))
                : null;
            timing.Repeat.BoundsPeriod = new() { Start = occasion.Start, End = end };
        }

        task.Extension.Add(new() { Url = CareExtensions.Series, ValueTiming = timing });
        task.Extension.Add(new() { Url = CareExtensions.Occurrence, ValuePositiveInt = 1 });
    }

    private static ActionNode? NearestTask(ActionNode? node)
    {
        while (node is not null && !(node.MakesResource && node.Key.Type == ResourceTypes.Task))
            node = node.Parent;
        return node;
    }

    private static CodeableConceptEditor? Code(ActionNode node)
    {
        if (node.Activity.Code.Exists)
            return new(node.Activity.Code);
        foreach (var code in node.Action.Code)
            return new(code);
        return null;
    }

    /// <summary>https://hl7.org/fhir/R4/extension-resource-pertainstogoal.html</summary>
    private static void Pertain(
        ObjectListEditor<ExtensionEditor> extensions,
        PlanDefinitionActionView action,
        Func<string, string?> goal
    )
    {
        foreach (var target in action.GoalId.Select(goal).OfType<string>())
            extensions.Add(new() { Url = CareExtensions.PertainsToGoal, ValueReference = References.To(target) });
    }

    /// <summary>
    /// Who owns it: the patient, whoever fills the role, or the care manager where the role is theirs or none is named. A role that
    /// nobody fills stays to be claimed.
    /// </summary>
    private (string? Owner, List<CodeableConceptView> Roles) Owner(ActionNode node)
    {
        var participants = new List<(string? Type, CodeableConceptView Role)>();
        foreach (var participant in node.Action.Participant)
            participants.Add((participant.Type, participant.Role));
        if (participants.Count == 0)
        {
            foreach (var participant in node.Activity.Participant)
                participants.Add((participant.Type, participant.Role));
        }

        if (participants.Count == 0)
            return (request.CareManager, []);
        var roles = participants.Where(p => p.Role.Exists).Select(p => p.Role).ToList();
        var codes = roles.SelectMany(r => r.Coding).Select(c => c.Code).OfType<string>().ToArray();
        if (codes.Select(c => request.Owners.GetValueOrDefault(c)).FirstOrDefault(o => o is not null) is { } filled)
            return (filled, roles);
        if (participants.Exists(p => p.Type == ActionParticipantTypeCodes.Patient))
            return (request.Subject.ToString(), roles);
        var isManagers =
            codes.Any(c => CareManagerRoles.Codes.Contains(c))
            || participants.Exists(p => p.Type == ActionParticipantTypeCodes.Practitioner && !p.Role.Exists);
        return (isManagers ? request.CareManager : null, roles);
    }

    internal static string? Canonical(string? url, string? version) =>
        url is null ? null
        : version is null ? url
        : $"{url}|{version}";
}
