using System.Collections.Immutable;
using CareCoordination.Access.Roles;
using CareCoordination.Access.Scopes;
using CareCoordination.Application.Access;
using CareCoordination.Application.Definitions;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Search;
using CareCoordination.Storage;
using CareCoordination.Workflow.CarePlans;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Elements;
using CareCoordination.Workflow.Resources;
using CareCoordination.Workflow.Tasks;

namespace CareCoordination.Application.Reads;

/// <summary>Reads what a decision has to know besides its target.</summary>
public sealed class CareReads(ReadGate gate, FhirDefinitions definitions)
{
    /// <summary>True where what is read is what the commit will meet.</summary>
    public bool IsInTransaction => gate.IsInTransaction;

    private const int KeysPerSearch = 50;

    /// <summary>Null where it does not exist, is deleted or is on another server.</summary>
    public async Task<Snapshot?> ReadAsync(string reference, CancellationToken cancellationToken)
    {
        var literal = LiteralReference.Parse(reference, definitions.Schema.IsResourceType);
        return
            literal.Kind == ReferenceKind.Relative
            && await gate.ReadAsync(literal.Key, cancellationToken) is { IsDeleted: false } current
            ? Snapshot(current)
            : null;
    }

    /// <summary>
    /// As <see cref="ReadAsync"/>, of what the caller of a command names: what they do not see of a record is not there. Who works where is no
    /// secret from those who may give work, whatever their scopes leave of it.
    /// </summary>
    public async Task<Snapshot?> NamedAsync(string reference, CancellationToken cancellationToken) =>
        await ReadAsync(reference, cancellationToken) is { } found && await IsSeenAsync(found.Key, cancellationToken)
            ? found
            : null;

    private async ValueTask<bool> IsSeenAsync(ResourceKey key, CancellationToken cancellationToken) =>
        ResourceGroups.Of(key.Type, isInCompartment: true) != ResourceGroup.Record
        || gate.Rights.Visible(ScopeRights.Read)?.At(definitions.Now) is not { } visible
        || await gate.ReadAsync(
            key,
            key.Type == ResourceTypes.Patient ? PatientSights.Of(key, visible) : visible,
            cancellationToken
        )
            is not null;

    /// <summary>
    /// The first of what is named that a caller with limits does not see, or that is not here; null for one without limits, to whom is told
    /// later what is not here.
    /// </summary>
    public async Task<string?> FirstUnseenAsync(IEnumerable<string> references, CancellationToken cancellationToken)
    {
        if (gate.Rights.IsUnlimited)
            return null;
        foreach (var reference in references)
        {
            if (await NamedAsync(reference, cancellationToken) is null)
                return reference;
        }

        return null;
    }

    /// <summary>True where there is such a resource, or was.</summary>
    public async Task<bool> WasEverAsync(ResourceKey key, CancellationToken cancellationToken) =>
        await gate.ReadAsync(key, cancellationToken) is not null;

    /// <summary>Those of the references that exist here, each once.</summary>
    public async Task<ImmutableArray<Snapshot>> ReadAllAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var found = ImmutableArray.CreateBuilder<Snapshot>();
        foreach (var reference in references.Distinct(StringComparer.Ordinal))
        {
            if (await ReadAsync(reference, cancellationToken) is { } snapshot)
                found.Add(snapshot);
        }

        return found.ToImmutable();
    }

    /// <summary>As <see cref="ReadAllAsync"/>, of what the caller of a command names.</summary>
    public async Task<ImmutableArray<Snapshot>> NamedAllAsync(
        IEnumerable<string> references,
        CancellationToken cancellationToken
    )
    {
        var found = ImmutableArray.CreateBuilder<Snapshot>();
        foreach (var named in await ReadAllAsync(references, cancellationToken))
        {
            if (await IsSeenAsync(named.Key, cancellationToken))
                found.Add(named);
        }

        return found.ToImmutable();
    }

    /// <summary>
    /// Everything that a search finds. The query is of this server, and one whose names cannot be read is a mistake here; a value in
    /// it, as a reference to another server or to a type that the parameter does not take, may be one that nothing can have, and
    /// then finds nothing.
    /// </summary>
    public async Task<ImmutableArray<Snapshot>> SearchAsync(
        string type,
        string query,
        CancellationToken cancellationToken
    )
    {
        if (
            !definitions
                .ParseSearch(type, QueryParameters.Parse(query), isLenient: false, "")
                .TryGet(out var parsed, out var failure)
        )
            return failure.Issues.All(issue => issue.Code == IssueCode.Value)
                ? []
                : throw new InvalidOperationException(
                    $"A search of {type} that this server makes cannot be read: {failure.Issues[0].Code}."
                );
        var search = parsed.Query with { Count = definitions.Limits.MaxPageSize };
        var found = ImmutableArray.CreateBuilder<Snapshot>();
        while (true)
        {
            var page = await gate.SearchAsync(search, cancellationToken);
            foreach (var match in page.Matches)
                found.Add(Snapshot(match));
            if (page.Next is null)
                return found.ToImmutable();
            search = search with { After = page.Next };
        }
    }

    /// <summary>What a search of this server asks for, for whoever relies on what it finds; null where nothing can have one of its values.</summary>
    public SearchQuery? Criteria(string type, string query) =>
        definitions.ParseSearch(type, QueryParameters.Parse(query), isLenient: false, "").TryGet(out var parsed, out _)
            ? parsed.Query
            : null;

    /// <summary>The first of what a search of this server finds.</summary>
    public async Task<ImmutableArray<Snapshot>> FirstAsync(
        string type,
        string query,
        int count,
        CancellationToken cancellationToken
    )
    {
        if (
            !definitions
                .ParseSearch(type, QueryParameters.Parse(query), isLenient: false, "")
                .TryGet(out var parsed, out _)
        )
            return [];
        var page = await gate.SearchAsync(parsed.Query with { Count = count }, cancellationToken);
        return [.. page.Matches.Select(Snapshot)];
    }

    /// <summary>
    /// All tasks that are part of these, directly or not, but for those of another patient: a part that names no patient is of its whole's.
    /// </summary>
    public async Task<ImmutableArray<Snapshot>> PartsOfAsync(
        IEnumerable<Snapshot> tasks,
        CancellationToken cancellationToken
    )
    {
        var patients = tasks.DistinctBy(t => t.Key).ToDictionary(t => t.Key.ToString(), RecordPatient.Of);
        var found = ImmutableArray.CreateBuilder<Snapshot>();
        var next = patients.Keys.ToArray();
        while (next.Length > 0)
        {
            var children = new List<string>();
            foreach (var some in next.Chunk(KeysPerSearch))
            {
                foreach (
                    var child in await SearchAsync(
                        ResourceTypes.Task,
                        $"part-of={string.Join(',', some)}",
                        cancellationToken
                    )
                )
                {
                    var (name, part) = (child.Key.ToString(), ResourceDocument.Parse(child.Utf8Json).Value);
                    var patient = RecordPatient.Of(part);
                    if (!IsPart(TaskView.From(part), patient, patients) || !patients.TryAdd(name, patient))
                        continue;
                    found.Add(child);
                    children.Add(name);
                }
            }

            next = [.. children];
        }

        return found.ToImmutable();
    }

    private static bool IsPart(TaskView part, string? patient, Dictionary<string, string?> patients) =>
        part
            .PartOf.Targets()
            .Any(whole => patients.TryGetValue(whole, out var of) && RecordPatient.Follows(patient, of));

    /// <summary>The plan of its patient that has the resource as an activity: an active one before others.</summary>
    public async Task<Snapshot?> PlanOfAsync(Snapshot activity, CancellationToken cancellationToken)
    {
        var patient = RecordPatient.Of(activity);
        var plans = await SearchAsync(ResourceTypes.CarePlan, $"activity-reference={activity.Key}", cancellationToken);
        return plans
            .Where(p => patient is null || RecordPatient.Of(p) == patient)
            .OrderBy(p => CarePlanView.From(ResourceDocument.Parse(p.Utf8Json).Value).Status != "active")
            .Select(p => (Snapshot?)p)
            .FirstOrDefault();
    }

    /// <summary>
    /// The goals and activities of a plan and all that is part of them. What is of another patient, or of nobody, is a member for whoever sees
    /// it: for others it is not there.
    /// </summary>
    public Task<ImmutableArray<Snapshot>> MembersOfAsync(Snapshot plan, CancellationToken cancellationToken) =>
        MembersOfAsync(plan, [], cancellationToken);

    /// <param name="known">Of these none is read.</param>
    public async Task<ImmutableArray<Snapshot>> MembersOfAsync(
        Snapshot plan,
        HashSet<ResourceKey> known,
        CancellationToken cancellationToken
    )
    {
        var draft = new CarePlanDraft(plan);
        var names = known.Select(k => k.ToString()).ToHashSet(StringComparer.Ordinal);
        var members = ImmutableArray.CreateBuilder<Snapshot>();
        foreach (
            var member in await ReadAllAsync(
                draft.Goals.Concat(draft.Activities).Where(m => !names.Contains(m)),
                cancellationToken
            )
        )
        {
            if (RecordPatient.SubjectOf(member) == draft.Subject || await IsSeenAsync(member.Key, cancellationToken))
                members.Add(member);
        }

        var tasks = members.Where(m => m.Key.Type == ResourceTypes.Task);
        return [.. members, .. await PartsOfAsync(tasks, cancellationToken)];
    }

    /// <summary>The members of a plan that ends, with the tasks by which others fulfil its requests.</summary>
    public async Task<ImmutableArray<Snapshot>> EndingMembersOfAsync(Snapshot plan, CancellationToken cancellationToken)
    {
        var members = await MembersOfAsync(plan, cancellationToken);
        var requests = members.Where(m => m.Key.Type == ResourceTypes.ServiceRequest).Select(m => m.Key).ToArray();
        if (requests.Length == 0)
            return members;
        var tasks = await SearchAsync(
            ResourceTypes.Task,
            $"code=fulfill&focus={string.Join(',', requests)}",
            cancellationToken
        );
        return [.. members.Concat(tasks).DistinctBy(m => m.Key)];
    }

    /// <summary>The team of an episode: one that it names, or else an active team of the patient; null where there is none.</summary>
    public async Task<Snapshot?> CareTeamOfAsync(Snapshot episode, CancellationToken cancellationToken)
    {
        var view = EpisodeOfCareView.From(ResourceDocument.Parse(episode.Utf8Json).Value);
        var named = await ReadAllAsync(view.Team.Targets(), cancellationToken);
        if (named.Where(t => RecordPatient.Of(t) == view.Patient.Target()).ToArray() is [var team, ..])
            return team;
        var patient = Uri.EscapeDataString(view.Patient.Reference ?? "");
        var teams = await SearchAsync(ResourceTypes.CareTeam, $"patient={patient}&status=active", cancellationToken);
        return teams is [var first, ..] ? first : null;
    }

    /// <summary>What the end of a task may change besides it.</summary>
    public async Task<TaskSurroundings> AroundAsync(Snapshot task, CancellationToken cancellationToken) =>
        new(await PartsOfAsync([task], cancellationToken), await PlanOfAsync(task, cancellationToken));

    private static Snapshot Snapshot(StoredResource resource) => new(resource.Key, resource.Version, resource.Utf8Json);
}
